// The page draws nothing itself: it puts what the server drew where it belongs, and sends what is done.

const $ = (id) => document.getElementById(id);
const token = new URLSearchParams(location.search).get("token");
const socket = new WebSocket(`ws://${location.host}/socket?token=${encodeURIComponent(token)}`);
const send = (what) => socket.send(JSON.stringify(what));
let commands = [];

const show = {
  setup({ people, commands: all, shortcuts, steps, hosts }) {
    commands = all;
    $("who").replaceChildren(...people.map((name) => new Option(name, name)));
    $("everywhere").replaceChildren(new Option("+", ""), ...Object.entries(shortcuts).map(([name, words]) => new Option(words, name)));
    $("everywhere").hidden = !Object.keys(shortcuts).length;
    $("clock").append(...Object.entries(steps).map(([words, hours]) => button(words, () => send({ do: "wait", hours }))));
    $("hosts").replaceChildren(...hosts.map(host));
  },
  region({ at, parts, order }) {
    if (at === "modal") return modal(parts, order);
    const list = $(at);
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    const there = new Map([...list.children].map((child) => [child.dataset.key, child]));
    const made = order.map((key) => (key in parts ? element(key, parts[key]) : there.get(key)));
    keepFocus(list, () => list.replaceChildren(...made));
    if (at === "thread") $("beside").hidden = !order.length;
    if (atEnd) list.scrollTop = list.scrollHeight;
  },
  title({ words, now, who }) {
    $("where").textContent = words;
    $("now").textContent = now;
    $("who").value = who;
    $("composer").hidden = words.endsWith("Home");
  },
  say({ words }) {
    $("toast").textContent = words;
    clearTimeout(show.timer);
    show.timer = setTimeout(() => ($("toast").textContent = ""), 8000);
  },
};

function element(key, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const made = holder.content.firstElementChild;
  made.dataset.key = key;
  return made;
}

function keepFocus(list, change) {
  const held = document.activeElement;
  const inside = list.contains(held) && held !== list;
  const id = inside && [held.closest("[data-on]")?.dataset.on, held.dataset.action, held.dataset.value, held.dataset.place];
  change();
  if (!inside || list.contains(held)) return held?.focus?.({ preventScroll: true });
  const same = [...list.querySelectorAll("button, select, input")].find(
    (one) => JSON.stringify([one.closest("[data-on]")?.dataset.on, one.dataset.action, one.dataset.value, one.dataset.place]) === JSON.stringify(id),
  );
  (same ?? list).focus({ preventScroll: true });
}

function modal(parts, order) {
  const dialog = $("modal");
  if (!order.length) return dialog.open && dialog.close();
  const [key] = order;
  if (dialog.dataset.key === key && dialog.open) return;
  const typed = dialog.open ? form(dialog) : {};
  const made = element(key, parts[key] ?? "<div></div>");
  const sameView = dialog.querySelector("[data-on]")?.dataset.on === made.dataset.on;
  dialog.dataset.key = key;
  dialog.replaceChildren(made);
  if (sameView) fill(dialog, typed);
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[aria-invalid], [data-act=field]") ?? dialog.querySelector("button.cross")).focus();
}

function value(field) {
  const { kind } = field.dataset;
  if (kind === "checkbox") return [...field.querySelectorAll(":checked")].map((box) => box.value);
  if (kind === "radio") return field.querySelector(":checked")?.value ?? null;
  if (kind === "many") return [...field.selectedOptions].map((option) => option.value).filter(Boolean);
  return field.value || null;
}

function form(root) {
  const fields = [...root.querySelectorAll("[data-kind]")].filter((one) => one.dataset.kind !== "files" && !one.classList.contains("overflow"));
  return Object.fromEntries(fields.map((one) => [one.dataset.action, value(one)]));
}

function fill(root, typed) {
  for (const one of root.querySelectorAll("[data-kind=text], [data-kind=one]"))
    if (typed[one.dataset.action]) one.value = typed[one.dataset.action];
}

async function files(input) {
  const read = async (file) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return { name: file.name, bytes: btoa(text) };
  };
  return Promise.all([...input.files].map(read));
}

async function whole(root) {
  const made = form(root);
  for (const input of root.querySelectorAll("[data-kind=files]")) made[input.dataset.action] = { files: await files(input) };
  return made;
}

function button(words, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "button", textContent: words, onclick: act });
  return made;
}

function host({ name, shows }) {
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
  box.onchange = () => send({ do: "host", name, up: box.checked });
  label.title = shows;
  label.append(box, ` ${name}`);
  return label;
}

function confirmed(asked) {
  const words = JSON.parse(asked);
  $("asked").textContent = words.title;
  $("asks").textContent = words.text;
  $("yes").textContent = words.confirm;
  $("no").textContent = words.deny;
  $("confirm").returnValue = "";
  $("confirm").showModal();
  return new Promise((done) => $("confirm").addEventListener("close", () => done($("confirm").returnValue === "yes"), { once: true }));
}

const about = (one) => ({ on: one.closest("[data-on]")?.dataset.on, action: one.dataset.action });
const act = {
  look: (one) => { $("side").classList.remove("open"); send({ do: "look", place: one.dataset.place }); },
  thread: (one) => send({ do: "thread", on: about(one).on }),
  close: (one) => send({ do: "close", on: about(one).on }),
  async press(one) {
    if (one.dataset.confirm && !(await confirmed(one.dataset.confirm))) return;
    if (one.dataset.url) window.open(one.dataset.url, "_blank", "noopener");
    send({ do: "press", ...about(one), value: one.dataset.value, form: form(one.closest("[data-on]")) });
  },
  async choose(one) {
    if (one.dataset.confirm && !(await confirmed(one.dataset.confirm))) return;
    const root = one.closest("[data-on]");
    send({ do: "press", ...about(one), choice: value(one), form: form(root) });
    if (one.classList.contains("overflow")) one.value = "";
  },
  shortcut(one) {
    if (one.value) send({ do: "shortcut", name: one.value, on: about(one).on });
    one.value = "";
  },
};
document.addEventListener("click", (event) => {
  const one = event.target.closest("button[data-act]");
  if (one) act[one.dataset.act]?.(one);
});
document.addEventListener("change", (event) => {
  const one = event.target.closest("[data-act=choose], [data-act=shortcut]");
  if (one) act[one.dataset.act](one);
});
$("modal").addEventListener("submit", async (event) => {
  event.preventDefault();
  const root = event.target.closest("[data-on]");
  send({ do: "submit", on: root.dataset.on, form: await whole(root) });
});
$("modal").addEventListener("cancel", (event) => {
  event.preventDefault();
  send({ do: "close", on: $("modal").querySelector("[data-on]").dataset.on });
});
$("who").onchange = () => send({ do: "be", who: $("who").value });
$("everywhere").onchange = () => { act.shortcut($("everywhere")); };
$("unthread").onclick = () => send({ do: "thread", on: "" });
$("menu").onclick = () => $("menu").setAttribute("aria-expanded", $("side").classList.toggle("open"));

// The composer: Enter sends, Shift+Enter is a new line, commands are hinted at.
const text = $("text");
const hints = $("hints");
async function say() {
  send({ do: "say", text: text.value, files: await files($("file")) });
  text.value = $("file").value = "";
  hint();
}
function hint() {
  const word = text.value.split("\n")[0];
  const typed = word.split(" ")[0];
  const near = word.startsWith("/") ? commands.filter((one) => (word.includes(" ") ? one.name === typed : one.name.startsWith(typed))) : [];
  hints.replaceChildren(...near.map((one, at) => {
    const item = Object.assign(document.createElement("li"), { role: "option", id: `hint-${at}` });
    item.setAttribute("aria-selected", at === 0);
    const small = Object.assign(document.createElement("small"), { textContent: one.summary });
    item.append(`${one.name} ${one.usage}`, small);
    item.onclick = () => take(one);
    return item;
  }));
  hints.hidden = !near.length;
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
}
function take(one) {
  text.value = `${one.name} `;
  text.focus();
  hint();
}
text.addEventListener("input", hint);
text.addEventListener("keydown", (event) => {
  const items = [...hints.children];
  const chosen = items.findIndex((item) => item.ariaSelected === "true");
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!hints.hidden && move && !text.value.includes(" ")) {
    event.preventDefault();
    items.forEach((item, at) => item.setAttribute("aria-selected", at === (chosen + move + items.length) % items.length));
  } else if (event.key === "Tab" && !hints.hidden && !text.value.includes(" ")) {
    event.preventDefault();
    items[chosen].click();
  } else if (event.key === "Escape") hints.hidden = true;
  else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    say();
  }
});
$("composer").addEventListener("submit", (event) => { event.preventDefault(); say(); });
$("file").onchange = () => text.value.trim() || say();
const reply = $("reply").firstElementChild;
const answer = () => { send({ do: "say", text: reply.value, thread: true }); reply.value = ""; };
$("reply").addEventListener("submit", (event) => { event.preventDefault(); answer(); });
reply.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  answer();
});

socket.onmessage = ({ data }) => { const { show: what, ...rest } = JSON.parse(data); show[what](rest); };
socket.onclose = () => show.say({ words: "The demo has ended." });
