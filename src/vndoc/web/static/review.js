// The page of a document by keyboard. The server makes all HTML: a post answers with the page, whose parts are swapped in.
import { fit, hide, openMend, shade, show, zoom } from "./scan.js";

const main = document.querySelector("main");
const $ = (selector) => document.querySelector(selector);
const byId = (id) => document.getElementById(id);
const sent = new Set(); // units whose posts are under way
const doubts = () => [...document.querySelectorAll("[data-doubt]")].filter((unit) => !sent.has(unit.id));
const inputOf = (unit) => unit?.querySelector("[name=value], textarea, input:not([type=hidden])");
const revision = () => $("#close [name=revision]")?.value;
let posts = Promise.resolve();
let typing = null; // the input that is being typed in; in others digits and letters are commands

function go(unit) {
  const input = inputOf(unit);
  if (!input) return $("#close button")?.focus();
  unit.closest("details")?.setAttribute("open", "");
  input.focus({ preventScroll: true });
  unit.scrollIntoView({ block: "center" });
}

function next(from, by = 1) {
  const all = doubts();
  const here = all.indexOf(from);
  if (here >= 0) return all[here + by];
  return all.find((unit) => from && unit.compareDocumentPosition(from) & Node.DOCUMENT_POSITION_PRECEDING) ?? all[0];
}

// Posts go one after another, each with the revision that the one before it has made.
function post(form, submitter) {
  const data = new FormData(form, submitter);
  if (form.matches(".unit")) sent.add(form.id);
  posts = posts.then(() => send(form.getAttribute("action"), data, form.id)).catch(() => {
    sent.delete(form.id);
    const told = document.createElement("p");
    Object.assign(told, { className: "wrong", role: "alert", textContent: main.dataset.offline });
    $("#messages").replaceChildren(told);
  });
}

async function send(action, data, id) {
  if (data.has("revision")) data.set("revision", revision() ?? data.get("revision"));
  const answer = await fetch(action, { method: "POST", body: data });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  sent.delete(id);
  if (page.querySelector("#panel")) take(page, ["#panel", "#boxes"]);
  else if (answer.redirected) location.assign(answer.url);
  else location.reload();
}

// Put parts of another rendering in place; what is focused and was typed or picked stays.
function take(page, parts) {
  const active = document.activeElement;
  const [unit, end] = [active.closest(".unit")?.id, active.closest("#close")];
  const value = active.matches("input, textarea") && active.value !== active.defaultValue ? active.value : null;
  const typed = typing === active;
  const word = [...document.querySelectorAll("rect.w")].indexOf(active);
  const top = $("#panel").scrollTop;
  for (const part of parts) if ($(part) && page.querySelector(part)) $(part).replaceWith(page.querySelector(part));
  if ($("#mend")) $("#mend [name=revision]").value = revision() ?? "";
  $("#panel").scrollTop = top;
  hide();
  shade();
  const wrong = $("[data-problem]");
  if ($("[data-theirs]")) $("[data-theirs]").focus();
  else if (wrong) go(byId(wrong.dataset.problem) ?? doubts()[0]);
  else if (word >= 0) document.querySelectorAll("rect.w")[word]?.focus({ preventScroll: true });
  else if (end) go(doubts()[0]);
  else if (unit && !active.isConnected) restore(byId(unit), value, typed);
}

function restore(unit, value, typed) {
  const input = inputOf(unit ?? doubts()[0]);
  if (!input) return go(null);
  input.focus({ preventScroll: true });
  if (unit && value !== null) [input.value, typing] = [value, typed ? input : null];
}

async function turn(number) {
  const answer = await fetch(`${main.dataset.document}?page=${number}&under=${$("#under").value}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.querySelector("#sheet")) take(page, ["#sheet"]);
  main.dataset.page = number;
}

async function showUnit(unit) {
  if (!unit.dataset.box) return;
  if (unit.dataset.page !== main.dataset.page) await turn(unit.dataset.page);
  show(unit.dataset.box.split(",").map(Number), unit.id);
}

const commands = {
  h: () => { $("#hide").checked = !$("#hide").checked; hide(); },
  u: () => $("#undo") && post($("#undo")),
  "?": () => $("#help").showModal(),
  "+": () => zoom(1.25),
  "-": () => zoom(0.8),
  0: fit,
  PageDown: () => $("#page-next[href]")?.click(),
  PageUp: () => $("#page-before[href]")?.click(),
};
const buttons = { in: commands["+"], out: commands["-"], fit, help: commands["?"] };

function choose(event, unit, input) {
  const { key } = event;
  const pick = unit.querySelectorAll(".picks button")[key - 1];
  if (pick) input.value = pick.value;
  else if (key === "x") unit.querySelector("[value=unreadable]")?.click();
  else if (key === "F2" || key === " ") typing = input;
  else if (key in commands && key !== "0") commands[key]();
  else {
    if (key.length === 1 || key === "Process") [typing, input.value] = [input, ""];
    return;
  }
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const unit = target.closest(".unit");
  const doubtful = unit?.matches("[data-doubt]") && target === inputOf(unit);
  const field = target.matches("input:not([type=checkbox]), textarea, select");
  const run = (command) => { event.preventDefault(); command?.(); };
  if (key === "Enter" && event.shiftKey) {
    if (unit && field && target.value !== target.defaultValue) unit.querySelector(".save")?.click();
    return run(() => $("#close")?.requestSubmit());
  }
  if (key === "Enter" && event.ctrlKey) return run(() => target.form?.requestSubmit());
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || $("#help").open) return;
  const other = key === "Tab" && doubtful && next(unit, event.shiftKey ? -1 : 1);
  if (other) run(() => go(other));
  else if (key === "Escape" && target.form?.id === "mend") openMend(null);
  else if (key === "Escape" && field) [typing, target.value] = [null, target.defaultValue];
  else if (key === "Enter" && target.matches("rect.w")) run(() => openMend(target));
  else if (key === "Enter" && target.matches("[name=value]")) run(() => unit.querySelector(".save")?.click());
  else if (doubtful && target.matches("[name=value]") && typing !== target) choose(event, unit, target);
  else if (!field && (commands[key] ?? commands[key.toLowerCase()])) run(commands[key] ?? commands[key.toLowerCase()]);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "close" && !form.dataset.waited) {
    event.preventDefault();
    posts.then(() => {
      if ($("[data-theirs], #messages .wrong")) return; // what was said last was not taken
      $("#close").dataset.waited = 1;
      $("#close").requestSubmit();
    });
  } else if (/[/](facts|undo)$/.test(form.action)) {
    event.preventDefault();
    post(form, event.submitter);
    typing = null;
    if (form.id === "mend") openMend(null, true);
    else if (form.id !== "undo") go(next(form) ?? doubts()[0]);
  }
});
document.addEventListener("focusin", ({ target }) => {
  const unit = target.closest(".unit");
  if (unit && target.matches("input, textarea, select")) showUnit(unit);
  if (target !== typing) typing = null;
});
document.addEventListener("click", (event) => {
  const from = (selector, command) => {
    const found = event.target.closest(selector);
    if (found) { event.preventDefault(); command(found); }
  };
  from("[data-do]", (button) => buttons[button.dataset.do]());
  from("#page-next[href], #page-before[href]", (link) => turn(new URL(link.href).searchParams.get("page")));
  from("rect.f", (box) => go(byId(box.dataset.spot)));
});
document.addEventListener("dblclick", (event) => {
  const word = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches("rect.w"));
  if (word) openMend(word);
});
document.addEventListener("change", ({ target }) => ({ hide, under: shade })[target.id]?.());
document.addEventListener("input", async ({ target }) => {
  if (target.closest(".unit")) typing = target;
  const typed = target.value;
  if (!target.dataset.complete || !typed) return;
  await new Promise((done) => setTimeout(done, 150));
  if (typed !== target.value) return;
  const answer = await fetch(`/api/v1/completions?${new URLSearchParams({ pointer: target.dataset.complete, typed })}`);
  if (answer.ok) target.list.replaceChildren(...(await answer.json()).map((one) => new Option(one, one)));
});

const asked = byId(decodeURIComponent(location.hash.slice(1)));
const found = $("rect.found");
if ($("[data-theirs]")) $("[data-theirs]").focus();
else if (found) show(["x", "y", "width", "height"].map((name) => found[name].baseVal.value).map((n, i, all) => (i < 2 ? n : n + all[i - 2])));
else go(asked?.matches(".unit") ? asked : doubts()[0]);
