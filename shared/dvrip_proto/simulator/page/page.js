// Shows the devices of the control API; what is out of sight is not asked for. Texts of devices are text only.
const LIST_MS = 3000, SHOW_MS = 1000, PICTURE_MS = 2000, REQUESTS = 8;
const cards = new Map();
const find = (id) => document.getElementById(id);
let events = {};

async function ask(path, wish) {
  const options = wish && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(wish),
  };
  const answer = await fetch(path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

function tell(text, bad = false) {
  find("told").textContent = text;
  find("told").className = bad ? "bad" : "";
}

const sight = new IntersectionObserver(
  (seen) => seen.forEach(({ target, isIntersecting }) => {
    target.card.visible = isIntersecting;
    if (isIntersecting) target.card.refresh();
  }),
  { rootMargin: "100px" },
);

class Card {
  constructor(device) {
    this.path = `devices/${encodeURIComponent(device.serial)}`;
    this.element = find("device").content.firstElementChild.cloneNode(true);
    this.element.card = this;
    this.element.dataset.serial = device.serial;
    this.visible = this.busy = false;
    this.pictured = 0;
    this.alarms = [];
    this.part(".model").textContent = `${device.profile}, ${device.channels} ch.`;
    this.part(".serial").textContent = device.serial;
    this.addChannels(device.channels);
    this.addButtons();
    this.summarise(device);
    sight.observe(this.element);
  }

  part(selector) { return this.element.querySelector(selector); }

  get channel() { return Number(this.part(".channel").value); }

  addChannels(count) {
    for (let channel = 0; channel < count; channel++) {
      this.part(".channel").add(new Option(channel + 1, channel));
      const figure = find("picture").content.firstElementChild.cloneNode(true);
      figure.classList.add("off");
      figure.addEventListener("click", () => this.choose(channel));
      this.part(".pictures").append(figure);
    }
    this.figures = [...this.element.querySelectorAll("figure")];
    this.part(".channel").addEventListener("change", () => this.choose(this.channel));
    this.choose(0);
  }

  addButtons() {
    for (const [word, name] of Object.entries(events)) {
      const button = document.createElement("button");
      button.textContent = word.replace("-", " ");
      button.title = name;
      button.dataset.event = name;
      button.addEventListener("click", () => this.alarm(name, word));
      this.part(".events .buttons").append(button);
    }
    for (const button of this.element.querySelectorAll("[data-act]"))
      button.addEventListener("click", () => this.act(button.dataset.act, {}));
    for (const button of this.element.querySelectorAll("[data-disk]"))
      button.addEventListener("click", () => this.act("disk", { state: button.dataset.disk }));
    for (const button of this.element.querySelectorAll("[data-clock]"))
      button.addEventListener("click", () => this.act("clock", { error_s: Number(button.dataset.clock) }));
  }

  addLogins(logins) {
    const users = [...new Set(logins.map(([, user]) => user))].sort();
    if (users.join("\n") === this.users) return;
    this.users = users.join("\n");
    this.part(".logins").replaceChildren(...users.map((user) => {
      const button = made("button", user);
      button.addEventListener("click", () => this.act("logout", { user }, `${user} is logged out`));
      return button;
    }));
    if (!users.length) this.part(".logins").textContent = "nobody";
  }

  choose(channel) {
    this.part(".channel").value = channel;
    this.figures.forEach((figure, index) => figure.classList.toggle("chosen", index === channel));
    this.markButtons();
  }

  alarm(event, word) {
    const { channel } = this;
    const active = !this.alarms.some(([at, name]) => at === channel && name === event);
    const duration_s = active ? Number(this.part(".seconds").value) : 0;
    this.act("alarm", { channel, event, active, duration_s }, `${word} on channel ${channel + 1} ${active ? "begins" : "ends"}`);
  }

  async act(name, wish, said = name) {
    try {
      await ask(`${this.path}/${name}`, wish);
      tell(`${this.part(".address").textContent}: ${said}`);
    } catch (error) {
      tell(`${this.part(".address").textContent}: ${error.message}`, true);
    }
    this.refresh();
  }

  summarise(device) {
    const state = this.part(".state");
    this.up = device.up;
    state.textContent = !device.up ? "down" : device.plugged ? "up" : "unplugged";
    state.classList.toggle("bad", !device.up || !device.plugged);
    this.part(".address").textContent = `${device.host}:${device.port}`;
    const cable = this.part("[data-act=unplug], [data-act=plug]");
    cable.dataset.act = device.plugged ? "unplug" : "plug";
    cable.textContent = device.plugged ? "Pull cable" : "Plug cable in";
    cable.classList.toggle("on", !device.plugged);
    this.text = `${device.serial} ${device.host}:${device.port} ${device.profile}`.toLowerCase();
  }

  async refresh() {
    if (this.busy) return;
    this.busy = true;
    try {
      const device = await ask(this.path);
      this.summarise(device);
      this.show(device);
      if (Date.now() - this.pictured >= PICTURE_MS) {
        this.pictured = Date.now();
        await Promise.all(this.figures.map((figure, channel) => this.picture(figure, channel)));
      }
    } catch (error) {
      tell(error.message, true);
    } finally {
      this.busy = false;
    }
  }

  async picture(figure, channel) {
    const image = figure.querySelector("img"), next = new Image();
    next.src = `${this.path}/channels/${channel}.jpg?${Date.now()}`;
    try {
      await next.decode();
      image.src = next.src;
      figure.classList.remove("off");
    } catch {
      figure.classList.add("off");
    }
  }

  show(device) {
    this.alarms = device.alarms;
    this.figures.forEach((figure, channel) => {
      figure.querySelector(".title").textContent = `${channel + 1}: ${device.titles[channel] ?? ""}`;
      const names = device.alarms.filter(([at]) => at === channel).map(([, name]) => name);
      figure.querySelector(".badges").replaceChildren(...names.map((name) => made("span", name)));
    });
    this.markButtons();
    this.addLogins(device.logins);
    this.facts(device);
    this.part("table").hidden = !device.requests.length;
    this.part("tbody").replaceChildren(...device.requests.slice(-REQUESTS).reverse().map((request) => {
      const row = document.createElement("tr");
      row.append(...request.map((cell) => made("td", cell)));
      return row;
    }));
  }

  markButtons() {
    for (const button of this.element.querySelectorAll("[data-event]"))
      button.classList.toggle("on", this.alarms.some(([at, name]) => at === this.channel && name === button.dataset.event));
  }

  facts(device) {
    const streams = Object.entries(device.monitors.now).map(([key, count]) => (count > 1 ? `${shown(key)} ×${count}` : shown(key)));
    const disks = device.disks.flat().map((part) => `${(part.free_mb / 1024).toFixed(1)} of ${(part.total_mb / 1024).toFixed(1)} GiB free`);
    const error = Math.round(device.clock_error_s);
    const facts = {
      Sessions: `${device.sessions}, ${device.connections} connections`,
      Streams: streams.join(", ") || "none",
      PTZ: Object.entries(device.ptz).map(drive).filter(Boolean).join("; ") || "at rest",
      Disk: (disks.join(", ") || "none") + (device.recording || !disks.length ? "" : ", recording stopped"),
      Clock: device.time + (error ? ` (${error > 0 ? "+" : "−"}${Math.abs(error)} s)` : ""),
      Users: device.users.join(", "),
      Firmware: device.firmware,
    };
    this.part("dl").replaceChildren(...Object.entries(facts).flatMap(([name, value]) => [made("dt", name), made("dd", value)]));
  }
}

// People count channels from 1; "0/Main" is the first one.
function shown(stream) {
  return stream.replace(/^\d+/, (channel) => Number(channel) + 1);
}

function drive([channel, { moving, speed, preset, position, history }]) {
  if (!history.length) return "";
  const does = moving ? `${moving} at ${speed}` : preset === null ? "at rest" : `preset ${preset}`;
  return `${Number(channel) + 1}: ${does} (${position.join(", ")})`;
}

function made(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  element.title = text;
  return element;
}

function sift() {
  const wanted = find("filter").value.trim().toLowerCase();
  for (const card of cards.values()) card.element.hidden = !card.text.includes(wanted);
}

async function list() {
  try {
    const devices = await ask("devices");
    if (find("told").dataset.lost) tell("");
    delete find("told").dataset.lost;
    find("count").textContent = `${devices.length} ${devices.length === 1 ? "device" : "devices"}, ${devices.filter((device) => device.up && device.plugged).length} up`;
    for (const device of devices) {
      if (!cards.has(device.serial)) {
        cards.set(device.serial, new Card(device));
        find("devices").append(cards.get(device.serial).element);
      } else cards.get(device.serial).summarise(device);
    }
    sift();
  } catch {
    tell("the simulator does not answer", true);
    find("told").dataset.lost = "yes";
  }
}

find("filter").addEventListener("input", sift);
events = await ask("events");
await list();
setInterval(list, LIST_MS);
setInterval(() => {
  if (document.hidden || find("told").dataset.lost) return;
  for (const card of cards.values()) if (card.visible && !card.element.hidden) card.refresh();
}, SHOW_MS);
