// Cards in a grid: arrows go from one to another, space marks one (the browser does that), Ctrl+Enter sends the page.
const boxes = [...document.querySelectorAll("main input[type=checkbox]:not(:disabled)")];
boxes[0]?.focus({ preventScroll: true });

function columns() {
  const tops = boxes.map((box) => box.closest(".card").offsetTop);
  const first = tops.indexOf(tops.find((top) => top > tops[0]));
  return first < 0 ? boxes.length : first;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey) event.target.form?.requestSubmit();
  const at = boxes.indexOf(event.target);
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns(), ArrowUp: -columns() }[event.key];
  if (at < 0 || !by) return;
  event.preventDefault();
  boxes[at + by]?.focus();
});
