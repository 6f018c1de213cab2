// Files and folders dropped anywhere on the page, sent one by one; the list of arrivals is refreshed until all are read.
const main = document.querySelector("main");
const status = document.querySelector("#drop-status");
const upload = document.querySelector("#upload");
const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
const wait = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const [reader, found] = [entry.createReader(), []];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    for (const inner of some) found.push(...(await filesOf(inner)));
  }
}

async function send(files) {
  const refused = [];
  let page = null;
  let address = "/take-in";
  for (const [at, file] of files.entries()) {
    status.textContent = `${at + 1}/${files.length} · ${file.name}`;
    const form = new FormData();
    form.set("csrf", document.querySelector("input[name=csrf]").value);
    form.append("files", file, file.name);
    const answer = await fetch(main.dataset.drop, { method: "POST", body: form });
    page = await parsed(answer);
    if (files.length === 1) address = answer.url;
    refused.push(...[...page.querySelectorAll(".wrong[role=alert]")].map((one) => one.textContent));
  }
  status.textContent = refused.join(" ");
  if (!upload && page && !refused.length) location.assign(address);
  else if (upload && page) await follow(page);
}

async function follow(page) {
  for (;;) {
    const arrivals = page.querySelector("#arrivals");
    if (!arrivals) return;
    document.querySelector("#arrivals").replaceWith(arrivals);
    const { sent, waiting } = arrivals.dataset;
    const done = sent && arrivals.querySelector(`[data-done="${sent}"]`);
    if (done) location.assign(done.href);
    if (done || waiting === "0") return;
    await wait(1);
    page = await parsed(await fetch(`/take-in?sent=${sent}`));
  }
}

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.toggle("over", kind === "dragover");
  });
}
document.addEventListener("drop", async ({ dataTransfer }) => {
  const plain = [...dataTransfer.files];
  const entries = [...dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  await send(entries.length ? (await Promise.all(entries.map(filesOf))).flat() : plain);
});
upload?.addEventListener("submit", (event) => {
  event.preventDefault();
  send([...document.querySelector("#files").files]);
});
document.querySelector("#folder")?.addEventListener("change", ({ target }) => send([...target.files]));
if (upload && document.querySelector("#arrivals").dataset.waiting !== "0") follow(document);
