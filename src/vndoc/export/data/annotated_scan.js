// A field in the list and its frame on the page light up together, by mouse and by keyboard; the other one is scrolled to.
for (const one of document.querySelectorAll("[data-twin]")) {
  const twin = document.getElementById(one.dataset.twin);
  const light = (on) => [one, twin].forEach((it) => it.classList.toggle("lit", on));
  one.addEventListener("mouseenter", () => light(true));
  one.addEventListener("mouseleave", () => light(document.activeElement === one));
  one.addEventListener("focus", () => { light(true); twin.scrollIntoView({ block: "nearest", behavior: "smooth" }); });
  one.addEventListener("blur", () => light(false));
  one.addEventListener("click", (event) => {
    event.preventDefault();
    one.focus();
    twin.scrollIntoView({ block: "center", behavior: "smooth" });
  });
}
