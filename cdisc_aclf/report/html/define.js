"use strict";
const filter = document.getElementById("filter");
const { search, shown } = filter.elements;
const rows = [...document.querySelectorAll("main tbody tr")];
const texts = rows.map((row) => [...row.cells].map((cell) => cell.textContent).join("\n").toLowerCase());
const blocks = document.querySelectorAll("main section, main div.dataset, main div.codelist");

const apply = () => {
  const words = search.value.trim().toLowerCase().split(/\s+/);
  let count = 0;
  rows.forEach((row, at) => {
    const fits = words.every((word) => texts[at].includes(word));
    row.hidden = !fits;
    count += fits;
  });
  blocks.forEach((block) => {
    block.hidden = !block.querySelector("tbody tr:not([hidden])");
  });
  shown.value = search.value.trim() ? shown.dataset.count.replace("{}", count.toLocaleString("en")).replace("{}", rows.length.toLocaleString("en")) : "";
};

filter.addEventListener("input", apply);
filter.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (!link || !search.value) return;
  search.value = "";
  apply();
});
filter.hidden = false;
apply();
