// Answers surveys to their ends, as fast as the engine shows them.

// Sooner than any timer, and after all that waits.
const turn = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });

const until = async (what, find) => {
  for (const end = performance.now() + 10000; ;) {
    const found = find();
    if (found) return found;
    if (performance.now() > end) throw new Error(`${what}: ${pageLog.lines.slice(-3).join(" | ")}`);
    await turn();
  }
};

// Gives one answer, or none where it may be passed over, and says what was chosen or written.
const answerOne = (id, form, least) => {
  const legend = form.querySelector("legend");
  if (!legend.firstChild?.textContent.trim()) throw new Error(`${id} asks nothing`);
  const controls = [...form.querySelectorAll("label input")];
  const field = form.querySelector("textarea, [type=email]");
  const isPassed = legend.dataset.optional && Math.random() < 0.4;
  const submit = form.querySelector("[type=submit]");
  const name = (field ?? controls[0]).name;
  let values = [];
  if (isPassed) {
    // Nothing is chosen.
  } else if (field) {
    field.value = field.type == "email" ? "ana@mail.example" : "yes";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    values = [field.value];
  } else if (controls[0].type == "checkbox") {
    const chosen = controls.sort(() => Math.random() - 0.5).slice(0, least(name));
    for (const it of chosen) it.click();
    values = chosen.map((it) => it.value);
  } else {
    const chosen = controls[Math.floor(Math.random() * controls.length)];
    values = [chosen.value];
    chosen.click();
  }
  // A choice on a scale goes on by itself; what asks for words waits for the button.
  submit.click();
  return [name, values];
};

// The way through one survey that the page knows, as questions and what was answered; last, what is read at its end.
const walk = async (definition) => {
  const { id } = definition;
  const least = (name) => definition.questions?.find((it) => it.id == name)?.min ?? 1;
  // One whose trigger was a slip may have come by itself.
  sondeo.hide();
  await until("something stays", () => !widgets().length);
  sondeo.show(id);
  const way = [];
  let form = await until(`${id} does not come`, () => inside(id, "form"));
  while (form) {
    if (way.length > 100) throw new Error(`${id} does not end`);
    way.push(answerOne(id, form, least));
    const before = form;
    const next = () => inside(id, "[part=thanks]") ?? (inside(id, "form") != before && inside(id, "form"));
    const found = await until(`${id} stays at ${way.at(-1)}`, next);
    form = found.localName == "form" ? found : null;
  }
  way.push(["", [inside(id, "[part=thanks]").textContent]]);
  return way;
};

// Adds all of them at once. The ways through those that are usable.
const play = async (definitions, usable) => {
  sondeo.add(definitions);
  const ways = [];
  for (const at of usable) ways.push(await walk(definitions[at]));
  return ways;
};
