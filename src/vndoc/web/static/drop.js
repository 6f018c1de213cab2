// Files and folders dropped anywhere on the page, sent one by one; the list of arrivals is refreshed until all are read.
const main = document.querySelector("main");
const status = document.querySelector("#drop-status");
const upload = document.querySelector("#upload");
const token = () => document.querySelector("input[name=csrf]").value;
const wait = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    for (const inner of some) found.push(...(await filesOf(inner)));
  }
}

async function send(files) {
  let last = null;
  const refused = [];
  for (const [at, file] of files.entries()) {
    status.textContent = `${at + 1}/${files.length} · ${file.name}`;
    const form = new FormData();
    form.set("csrf", token());
    form.append("files", file, file.name);
    const answer = await fetch(main.dataset.drop, { method: "POST", body: form });
    last = new DOMParser().parseFromString(await answer.text(), "text/html");
    refused.push(...[...last.querySelectorAll(".wrong[role=alert]")].map((one) => one.textContent));
    if (answer.ok && files.length === 1) main.dataset.sent = new URL(answer.url).searchParams.get("sent") ?? "";
  }
  status.textContent = refused.join(" ");
  if (refused.length) return;
  if (!upload) location.assign(`/take-in?sent=${main.dataset.sent ?? ""}`);
  else if (last) await follow(last);
}

async function follow(page) {
  for (;;) {
    const arrivals = page.querySelector("#arrivals");
    document.querySelector("#arrivals").replaceWith(arrivals);
    const done = main.dataset.sent && arrivals.querySelector(`[data-done="${main.dataset.sent}"]`);
    if (done) location.assign(done.href);
    if (done || arrivals.dataset.waiting === "0") return;
    await wait(1);
    const answer = await fetch(`/take-in?sent=${main.dataset.sent ?? ""}`);
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  }
}

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.toggle("over", kind === "dragover");
  });
}
document.addEventListener("drop", async (event) => {
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const plain = [...event.dataTransfer.files];
  await send(entries.length ? (await Promise.all(entries.map(filesOf))).flat() : plain);
});
upload?.addEventListener("submit", (event) => {
  event.preventDefault();
  send([...document.querySelector("#files").files]);
});
document.querySelector("#folder")?.addEventListener("change", (event) => send([...event.target.files]));
if (upload) {
  main.dataset.sent = new URL(location.href).searchParams.get("sent") ?? "";
  if (document.querySelector("#arrivals").dataset.waiting !== "0") follow(document);
}
