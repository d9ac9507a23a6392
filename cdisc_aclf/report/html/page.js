"use strict";
const filter = document.getElementById("filter");
if (filter) {
  const { severity, place, rule, search, shown } = filter.elements;
  const rows = [...document.querySelectorAll("#issues-list tbody tr")];
  const texts = rows.map((row) => [...row.cells].map((cell) => cell.textContent).join("\n").toLowerCase());

  const apply = () => {
    const [kind, name] = place.value.split(":");
    const text = search.value.trim().toLowerCase();
    let count = 0;
    rows.forEach((row, at) => {
      const fits =
        (!severity.value || row.dataset.severity === severity.value) &&
        (!name || row.dataset[kind] === name) &&
        (!rule.value || row.dataset.rule === rule.value) &&
        texts[at].includes(text);
      row.hidden = !fits;
      count += fits;
    });
    shown.value = `Showing ${count.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
  };

  filter.addEventListener("input", apply);
  filter.addEventListener("submit", (event) => event.preventDefault());
  filter.addEventListener("reset", () => setTimeout(apply));
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href="#issues-list"]');
    if (!link) return;
    severity.value = link.dataset.severity ?? "";
    place.value = link.dataset.place ?? "";
    rule.value = link.dataset.rule ?? "";
    search.value = "";
    apply();
  });
  filter.hidden = false;
  apply();
}
