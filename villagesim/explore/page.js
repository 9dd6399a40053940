"use strict";
// What is drawn comes from the server; the page only moves, asks and draws. All text is set as text.
const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const words = JSON.parse(document.body.dataset.words); // messages in the language of the page
const _ = (text, places = {}) => (words[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
let offered, stream, last, generation = 0, timer = 0, begun = 0;
const moved = new Map(); // path -> value

function element(name, settings = {}, ...inner) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(settings)) key in made ? (made[key] = value) : made.setAttribute(key, value);
  made.append(...inner);
  return made;
}

function asked() {
  const strategies = [...document.querySelectorAll("#strategies input:checked")].map((box) => box.value);
  const held = new Set(offered.strategies.filter((s) => strategies.includes(s.name)).flatMap((s) => s.policies));
  const values = [...moved].filter(([path]) => { const group = control(path).group; return !group || held.has(group); });
  return { strategies, values: Object.fromEntries(values), outcome: $("outcome").value, against: $("against").value };
}

const control = (path) => offered.controls.find((each) => each.path === path);

// A new generation: what the one before still sends is dropped, and the server ends its runs.
function begin(wait = 0) {
  const own = ++generation;
  stream?.close();
  clearTimeout(timer);
  document.body.classList.add("stale");
  $("reset").disabled = !moved.size;
  groups();
  timer = setTimeout(() => {
    begun = performance.now();
    $("problem").hidden = true;
    stream = new EventSource("pairs?asked=" + encodeURIComponent(JSON.stringify(asked())));
    const on = (name, act) => stream.addEventListener(name, (event) => own === generation && act(JSON.parse(event.data)));
    on("pairs", (found) => { last = found; document.body.classList.remove("stale"); draw(); tell(); });
    on("end", () => stream.close());
    on("refused", (said) => { stream.close(); problem(said.message); });
    stream.onerror = () => { if (own === generation) { stream.close(); problem(_("The server does not answer: it may have ended.")); } };
  }, wait);
}

function problem(text) { $("problem").textContent = text; $("problem").hidden = false; $("status").textContent = ""; }

// Sliders
const months = (text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1;
const day = (key) => `${Math.floor(key / 12)}-${String((key % 12) + 1).padStart(2, "0")}-01`;
const figure = (x) => Number(x.toPrecision(6)).toLocaleString("en", { maximumFractionDigits: 4 });

function slider(each) {
  const date = each.kind === "date", to = date ? months : Number;
  const input = element("input", { type: "range", min: to(each.low), max: to(each.high), step: each.step, value: to(each.value) });
  const box = framed(each, input);
  box.show = (value) => { input.value = to(value); box.out.textContent = date ? value.slice(0, 7) : figure(value); };
  input.addEventListener("input", () => move(each, date ? day(input.valueAsNumber) : input.valueAsNumber));
  return box;
}

function target(each) {
  const known = { all: _("all"), lowest: _("lowest"), highest: _("highest"), random: _("random") };
  const rules = Object.keys(known), own = /^(\w+)\((\d+)\)$/.exec(each.value);
  if (!rules.includes(each.value) && !(own && rules.includes(own[1]))) rules.push(each.value);
  const rule = element("select", { ariaLabel: _("which villages") }, ...rules.map((r) => element("option", { value: r }, known[r] ?? r)));
  const input = element("input", { type: "range", min: each.low, max: each.high, step: 1, ariaLabel: _("how many villages") });
  const box = framed(each, element("div", { className: "row" }, rule, input));
  box.show = (value) => {
    const found = /^(\w+)\((\d+)\)$/.exec(value), plain = !found || !rules.includes(found[1]);
    rule.value = plain ? value : found[1];
    input.disabled = plain;
    input.value = plain ? Math.ceil(each.high / 3) : found[2];
    box.out.textContent = plain ? known[value] ?? value : _("{rule}({n})", { rule: known[found[1]], n: found[2] });
  };
  const act = () => move(each, ["lowest", "highest", "random"].includes(rule.value) ? `${rule.value}(${input.value})` : rule.value);
  rule.addEventListener("change", act);
  input.addEventListener("input", act);
  return box;
}

function framed(each, input) {
  const out = element("output");
  const name = element("span", { className: "name", title: each.about }, each.name + (each.unit ? " " : ""),
    element("span", { className: "unit" }, each.unit ? `[${each.unit}]` : ""));
  const box = element("div", { className: "control" }, element("label", {}, name, out), input);
  const range = input.type === "range" ? input : null;
  if (range) { range.id = `of ${each.path}`; box.querySelector("label").htmlFor = range.id; }
  box.out = out;
  box.dataset.path = each.path;
  return box;
}

const boxes = new Map();
const value = (each) => (moved.has(each.path) ? moved.get(each.path) : each.value);

function move(each, wanted) {
  if (each.kind === "share") shares(each, wanted); else moved.set(each.path, wanted);
  show();
  begin(150);
}

// Shares of a split add up to 1: the others give way in proportion, in steps of 0.001.
function shares(each, wanted) {
  const split = each.path.replace(/\.\d+$/, ""), all = offered.controls.filter((one) => one.path.replace(/\.\d+$/, "") === split);
  const others = all.filter((one) => one !== each), sum = others.reduce((total, one) => total + value(one), 0);
  let left = 1000 - Math.round(wanted * 1000);
  moved.set(each.path, Math.round(wanted * 1000) / 1000);
  const parts = others.map((one) => Math.floor((left * (sum ? value(one) / sum : 1 / others.length)) + 1e-9));
  parts[parts.indexOf(Math.max(...parts))] += left - parts.reduce((total, part) => total + part, 0);
  others.forEach((one, place) => moved.set(one.path, parts[place] / 1000));
}

function show() {
  for (const each of offered.controls) {
    const box = boxes.get(each.path);
    box.show(value(each));
    box.classList.toggle("moved", moved.has(each.path));
  }
}

function groups() {
  const held = new Set(offered.strategies.filter((s) => asked().strategies.includes(s.name)).flatMap((s) => s.policies));
  for (const group of document.querySelectorAll("#controls details")) group.hidden = !!group.dataset.group && !held.has(group.dataset.group);
}

// The chart
function svg(name, settings, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(settings)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function ticks(low, high, n = 5) {
  const raw = (high - low) / n, power = 10 ** Math.floor(Math.log10(raw)), step = power * ([1, 2, 5, 10].find((k) => k * power >= raw) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (none, k) => (first + k) * step);
}

// Large sums, and their unit then, as the language of the page counts.
function scale(found, largest) {
  const by = found.scales.find(([least]) => largest >= least);
  return by ? [by[1], by[2] + found.unit] : [1, found.unit];
}

const known = (list) => list.filter((x) => x !== null);

function frame(found) {
  const means = Math.max(...found.strategies.flatMap((s) => known(s.mean).map(Math.abs)), found.margin || 0) || 1;
  const ends = found.strategies.flatMap((s) => known([...s.low, ...s.high]));
  const low = Math.max(Math.min(0, -(found.margin || 0), ...ends), -3 * means), high = Math.min(Math.max(0, found.margin || 0, ...ends, means), 3 * means);
  return [low - 0.04 * (high - low), high + 0.04 * (high - low)];
}

function draw() {
  const found = last, chart = $("chart"), width = chart.clientWidth, height = chart.clientHeight;
  if (!found || !width) return;
  const left = 56, right = 10, top = 8, bottom = 24, n = found.months.length, [low, high] = frame(found);
  const x = (k) => left + (k / (n - 1)) * (width - left - right), y = (v) => top + ((high - v) / (high - low)) * (height - top - bottom);
  const clipped = (v) => Math.min(Math.max(y(v), top), height - bottom).toFixed(1);
  const [by, unit] = scale(found, Math.max(-low, high));
  chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
  chart.replaceChildren();
  const add = (name, settings, text) => chart.append(svg(name, settings, text));
  if (found.margin) add("rect", { class: "margin", x: left, width: width - left - right, y: clipped(found.margin), height: clipped(-found.margin) - clipped(found.margin) });
  for (const v of ticks(low, high)) {
    add("line", { class: v === 0 ? "zero" : "grid", x1: left, x2: width - right, y1: y(v), y2: y(v) });
    add("text", { x: left - 6, y: y(v) + 4, "text-anchor": "end" }, figure(v / by));
  }
  const every = Math.ceil(n / 12 / Math.max(1, Math.floor(width / 90)));
  found.months.forEach((month, k) => {
    if (month.endsWith("-01") && Number(month.slice(0, 4)) % every === 0) add("text", { x: x(k), y: height - 6, "text-anchor": "middle" }, month.slice(0, 4));
  });
  const decree = moved.has("merger.decree") ? [moved.get("merger.decree").slice(0, 7), ...offered.decrees.slice(1)] : offered.decrees;
  for (const month of decree) if (found.months.includes(month)) {
    const at = x(found.months.indexOf(month));
    add("line", { class: "decree", x1: at, x2: at, y1: top, y2: height - bottom });
    add("text", { x: at + 4, y: top + 11 }, _("decree"));
  }
  for (const s of found.strategies) {
    const { colour, dash } = offered.strategies.find((one) => one.name === s.name);
    const at = s.low.map((v, k) => (v === null || s.high[k] === null ? -1 : k)).filter((k) => k >= 0);
    const band = [...at.map((k) => `${x(k).toFixed(1)},${clipped(s.high[k])}`), ...at.reverse().map((k) => `${x(k).toFixed(1)},${clipped(s.low[k])}`)];
    if (band.length) add("polygon", { class: "band", points: band.join(" "), fill: colour });
    const line = s.mean.map((v, k) => (v === null ? "" : `${x(k).toFixed(1)},${clipped(v)}`)).filter(Boolean);
    add("polyline", { class: "mean", points: line.join(" "), stroke: colour, "stroke-dasharray": dash });
  }
  $("heading").textContent = _("{title}: difference to “{against}” [{unit}]", { title: found.title, against: found.against, unit });
}

function swatchOf({ colour, dash }) {
  const made = svg("svg", { class: "swatch", viewBox: "0 0 36 8", "aria-hidden": "true" });
  made.append(svg("line", { x1: 0, x2: 36, y1: 4, y2: 4, stroke: colour, "stroke-dasharray": dash }));
  return made;
}

function tell() {
  const found = last, seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const [by, unit] = scale(found, Math.max(...found.strategies.flatMap((s) => known(s.end).map(Math.abs)), found.margin || 0));
  $("difference").textContent = _("difference at the end of {month} [{unit}]", { month: found.last, unit });
  $("rows").replaceChildren(...found.strategies.map((s) => {
    const [mean, low, high] = s.end.map((v) => (v === null ? null : figure(Number((v / by).toPrecision(3)))));
    const swatch = swatchOf(offered.strategies.find((one) => one.name === s.name));
    const cell = (head, ...inner) => { const made = element("td", {}, ...inner); made.dataset.head = head; return made; };
    return element("tr", {}, cell("", swatch, " " + s.told), cell(_("difference [{unit}]", { unit }), mean ?? "-"),
      cell(_("95% interval"), low === null || high === null ? _("not known yet") : _("{low} to {high}", { low, high })), cell(_("verdict"), s.verdict));
  }));
  $("status").textContent = _("{pairs} of {wanted} pairs of runs, {seconds} s. {settled}.", { pairs: found.pairs, wanted: found.wanted, seconds, settled: found.settled });
  $("status").dataset.pairs = found.pairs;
  $("status").dataset.generation = generation;
  const small = found.margin ? _(" (below {margin})", { margin: figure(Number((found.margin / by).toPrecision(3))) }) : "";
  $("note").textContent = _("Bands: 95% simulation error of the mean difference, for all strategies together; they narrow as pairs come in. They are not one county's chance. Grey: too small to matter{small}. A pair: all strategies under the same luck, seed {seed}.", { small, seed: offered.seed });
}

async function save(event) {
  event.preventDefault();
  $("command").hidden = true;
  const answer = await fetch("saved", { method: "POST", body: JSON.stringify({ ...asked(), name: $("name").value }) }).catch(() => null);
  const said = answer ? await answer.json().catch(() => ({ message: _("The server refused.") })) : { message: _("The server does not answer.") };
  if (!answer?.ok) { $("saved").textContent = said.message; return; }
  $("saved").textContent = _("Saved as {file}. The same comparison on the command line: {note}", said);
  $("command").textContent = said.command;
  $("command").hidden = false;
}

async function start() {
  offered = await (await fetch("offered")).json();
  $("title").textContent = offered.title;
  document.title = `${offered.title} · villagesim explore`;
  for (const each of offered.outcomes) $("outcome").append(element("option", { value: each.name }, each.title));
  for (const each of offered.strategies) {
    if (each.against) $("against").append(element("option", { value: each.name, selected: each.name === offered.baseline }, each.told));
    if (each.name === offered.baseline) continue;
    const swatch = swatchOf(each);
    const box = element("input", { type: "checkbox", value: each.name, checked: each.shown });
    box.addEventListener("change", () => begin());
    $("strategies").append(element("label", {}, box, swatch, each.told));
  }
  for (const group of new Set(offered.controls.map((each) => each.group))) {
    const own = offered.controls.filter((each) => each.group === group).map((each) => {
      const box = each.kind === "target" ? target(each) : slider(each);
      boxes.set(each.path, box);
      return box;
    });
    const details = element("details", { open: true }, element("summary", {}, offered.groups[group]), ...own);
    details.dataset.group = group;
    $("controls").append(details);
  }
  show();
  $("outcome").addEventListener("change", () => begin());
  $("against").addEventListener("change", () => begin());
  $("reset").addEventListener("click", () => { moved.clear(); show(); begin(); });
  $("saving").addEventListener("submit", save);
  new ResizeObserver(draw).observe($("chart"));
  begin();
}

start().catch(() => problem(_("The server does not answer: it may have ended.")));
