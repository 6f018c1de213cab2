// The page of a document by keyboard. The server makes all HTML: a post answers with the page, whose parts are swapped in.
import { at, fit, hide, openMend, shade, show, zoom } from "./scan.js";

const main = document.querySelector("main");
const $ = (selector) => document.querySelector(selector);
const doubts = () => [...document.querySelectorAll("[data-doubt]")];
const inputOf = (unit) => unit?.querySelector("[name=value], textarea, input:not([type=hidden])");
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
  const after = (unit) => from && unit.compareDocumentPosition(from) & Node.DOCUMENT_POSITION_PRECEDING;
  return all.find(after) ?? all[0];
}

// Posts go one after another, each with the revision that the one before it has made.
function post(form, submitter) {
  const data = new FormData(form, submitter);
  posts = posts.then(() => send(form.getAttribute("action"), data)).catch(() => location.reload());
}

async function send(action, data) {
  if (data.has("revision")) data.set("revision", $("#close [name=revision]")?.value ?? data.get("revision"));
  const answer = await fetch(action, { method: "POST", body: data });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("#panel")) location.assign(answer.url);
  else take(page, ["#panel", "#boxes"]);
}

// Put parts of another rendering in place; what is focused and typed stays.
function take(page, parts) {
  const active = document.activeElement;
  const unit = active.closest(".unit")?.id;
  const end = active.closest("#close");
  const value = typing === active ? active.value : null;
  const word = [...document.querySelectorAll("rect.w")].indexOf(active);
  const top = $("#panel").scrollTop;
  for (const part of parts) if ($(part) && page.querySelector(part)) $(part).replaceWith(page.querySelector(part));
  if ($("#mend")) $("#mend [name=revision]").value = $("#close [name=revision]")?.value ?? "";
  $("#panel").scrollTop = top;
  hide();
  shade();
  const wrong = $("[data-problem]");
  if ($("[data-theirs]")) $("[data-theirs]").focus();
  else if (wrong) go(document.getElementById(wrong.dataset.problem) ?? doubts()[0]);
  else if (word >= 0) document.querySelectorAll("rect.w")[word]?.focus({ preventScroll: true });
  else if (end) go(doubts()[0]);
  else if (unit) restore(document.getElementById(unit), value);
}

function restore(unit, value) {
  const input = inputOf(unit?.matches("[data-doubt]") ? unit : next(unit));
  if (!input) return go(null);
  input.focus({ preventScroll: true });
  if (value !== null) [input.value, typing] = [value, input];
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

function choose(event, unit, input) {
  const pick = unit.querySelectorAll(".picks button")[event.key - 1];
  if (pick) input.value = pick.value;
  else if (event.key === "x") unit.querySelector("[value=unreadable]")?.click();
  else if (event.key === "F2" || event.key === " ") typing = input;
  else if (event.key in commands && event.key !== "0") commands[event.key]();
  else {
    if (event.key.length === 1 || event.key === "Process") [typing, input.value] = [input, ""];
    return;
  }
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const unit = target.closest(".unit");
  const field = target.matches("input:not([type=checkbox]), textarea, select");
  if (key === "Enter" && (event.shiftKey || event.ctrlKey)) {
    event.preventDefault();
    return event.shiftKey ? $("#close")?.requestSubmit() : target.form?.requestSubmit();
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || $("#help").open) return;
  if (key === "Tab" && unit?.matches("[data-doubt]") && target === inputOf(unit)) {
    const other = next(unit, event.shiftKey ? -1 : 1);
    if (other) { event.preventDefault(); go(other); }
  } else if (key === "Escape" && field) {
    if (target.form?.id === "mend") return openMend(null);
    target.value = target.defaultValue;
    typing = null;
  } else if (key === "Enter" && target.matches("rect.w")) {
    event.preventDefault();
    openMend(target);
  } else if (key === "Enter" && target.matches("[name=value]")) {
    event.preventDefault();
    unit.requestSubmit(unit.querySelector(".save"));
  } else if (unit?.matches("[data-doubt]") && target.matches("[name=value]") && typing !== target) {
    choose(event, unit, target);
  } else if (!field && key.toLowerCase() in commands && !event.shiftKey) commands[key.toLowerCase()]();
  else if (!field && key in commands) { event.preventDefault(); commands[key](); }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "close") {
    form.dataset.waited || event.preventDefault();
    if (!form.dataset.waited) posts.then(() => { $("#close").dataset.waited = 1; $("#close").requestSubmit(); });
  } else if (/[/](facts|undo)$/.test(form.action)) {
    event.preventDefault();
    post(form, event.submitter);
    typing = null;
    if (form.id === "mend") openMend(null, true);
    else if (form.id !== "undo") go(next(form) ?? doubts().find((one) => one !== form));
  }
});
document.addEventListener("focusin", ({ target }) => {
  const unit = target.closest(".unit");
  if (unit && target.matches("input, textarea, select")) showUnit(unit);
  if (target !== typing) typing = null;
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) { event.preventDefault(); ({ in: commands["+"], out: commands["-"], fit, help: commands["?"] })[button.dataset.do](); }
  const page = event.target.closest("#page-next[href], #page-before[href]");
  if (page) { event.preventDefault(); turn(new URL(page.href).searchParams.get("page")); }
  const box = event.target.closest("rect.f");
  if (box) { event.preventDefault(); go(document.getElementById(box.dataset.spot)); }
});
document.addEventListener("dblclick", (event) => {
  const word = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches("rect.w"));
  if (word) openMend(word);
});
document.addEventListener("change", ({ target }) => {
  if (target.id === "hide") hide();
  if (target.id === "under") shade();
});
document.addEventListener("input", async ({ target }) => {
  if (target.closest("[data-doubt]")) typing = target;
  if (!target.dataset.complete) return;
  const typed = target.value;
  await at(150);
  if (typed !== target.value || !typed) return;
  const query = new URLSearchParams({ pointer: target.dataset.complete, typed });
  const answer = await fetch(`/api/v1/completions?${query}`);
  if (answer.ok) target.list.replaceChildren(...(await answer.json()).map((one) => new Option(one, one)));
});
const asked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
if ($("[data-theirs]")) $("[data-theirs]").focus();
else go(asked?.matches(".unit") ? asked : doubts()[0]);
