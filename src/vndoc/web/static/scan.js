// The scan: zoom by a transform that the compositor does alone, shades over words, the input at a word.
const $ = (selector) => document.querySelector(selector);
let scale = 1;
let mended = null;

function set(to, x, y) {
  const [view, canvas] = [$("#view"), $("#canvas")];
  if (!view) return;
  const before = scale;
  scale = Math.max(0.4, Math.min(6, to));
  x ??= (view.scrollLeft + view.clientWidth / 2) / before;
  y ??= (view.scrollTop + view.clientHeight / 2) / before;
  canvas.style.transform = `scale(${scale})`;
  view.scrollTo(x * scale - view.clientWidth / 2, y * scale - view.clientHeight / 2);
}

export const zoom = (by) => set(scale * by);
export const fit = () => set(Math.min(1, $("#view").clientHeight / $("#canvas").offsetHeight), 0, 0);

// Bring a box (in pixels of the page) to the middle, as large as its line can be read with ease.
export function show([x0, y0, x1, y1], spot) {
  const boxes = $("#boxes");
  if (!boxes) return;
  const unit = $("#canvas").offsetWidth / boxes.viewBox.baseVal.width;
  for (const rect of boxes.querySelectorAll("rect.f")) rect.classList.toggle("here", rect.dataset.spot === spot);
  const wide = (0.75 * $("#view").clientWidth) / ((x1 - x0) * unit);
  set(Math.max(1, Math.min(2.2, wide)), (unit * (x0 + x1)) / 2, (unit * (y0 + y1)) / 2);
}

export function hide() {
  $("#boxes")?.classList.toggle("hidden", $("#hide").checked);
}

export function shade() {
  const under = Number($("#under").value);
  for (const word of document.querySelectorAll("rect.w[data-c]")) {
    const doubtful = Number(word.dataset.c) < under;
    word.classList.toggle("shaded", doubtful);
    word.setAttribute("tabindex", doubtful ? 0 : -1);
  }
}

// An input over a word; none: put it away, and go back to the word, or on to the next shaded one.
export function openMend(word, on = false) {
  const form = $("#mend");
  if (!form) return;
  form.hidden = !word;
  if (!word) {
    const words = [...document.querySelectorAll("rect.w.shaded")];
    (on ? words[words.indexOf(mended) + 1] ?? $("#view") : mended)?.focus({ preventScroll: true });
    return;
  }
  mended = word;
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => word[name].baseVal.value);
  const page = $("#boxes").viewBox.baseVal;
  form.style.left = `${(100 * x) / page.width}%`;
  form.style.top = `${(100 * (y + height)) / page.height}%`;
  form.elements.box.value = [x, y, x + width, y + height].join(",");
  form.elements.before.value = word.dataset.t;
  form.elements.after.value = word.dataset.t;
  form.elements.after.style.transform = `scale(${1 / scale})`;
  form.elements.after.focus({ preventScroll: true });
  form.elements.after.select();
}
