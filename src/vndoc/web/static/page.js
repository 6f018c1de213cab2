// What every page does, and what it loads for the kind of page it is. Without scripts all of it works by plain forms.
const main = document.querySelector("main");
document.documentElement.classList.add("js");
if (main.dataset.document) import("./review.js");
if (main.dataset.drop) import("./drop.js");
if ("grid" in main.dataset) import("./grid.js");

const links = () => [...main.querySelectorAll("tbody .code a, .hits li > a")];

function step(by) {
  const all = links();
  const at = all.indexOf(document.activeElement);
  all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea, select")) return;
  if (event.key === "?" && !main.dataset.document) location.assign("/help");
  else if ("list" in main.dataset && "jk".includes(event.key)) step(event.key === "j" ? 1 : -1);
});
