// Cases are searched by what stands in them; without this script all of them are there.
for (const list of document.querySelectorAll(".cases")) {
  const cases = [...list.querySelectorAll(":scope > details")];
  if (cases.length < 4) continue;
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = "Filter these cases";
  field.setAttribute("aria-label", field.placeholder);
  const count = document.createElement("span");
  count.className = "muted";
  count.setAttribute("aria-live", "polite");
  field.addEventListener("input", () => {
    const wanted = field.value.toLowerCase();
    for (const each of cases) each.hidden = !each.textContent.toLowerCase().includes(wanted);
    const left = cases.filter((each) => !each.hidden).length;
    count.textContent = wanted ? ` ${left} of ${cases.length} cases` : "";
  });
  list.querySelector("h3").after(field, count);
}
