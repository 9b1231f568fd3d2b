// status_page.cpp: see status_page.hpp.

#include "status_page.hpp"

namespace wsengine::cli {

namespace {

constexpr std::string_view page = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>@TITLE@</title>
<link rel="icon" href="data:,">
<style nonce="@NONCE@">
:root { color-scheme: light dark;
  --ground: #ffffff; --ink: #1d2330; --quiet: #667085; --line: #d5dae3; --head: #f4f6fa;
  --in: #0b6bcb; --out: #7a3ec8; --good: #0f7b45; --bad: #c0262d; --wait: #b35a00; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #14171d; --ink: #e6e9ef; --quiet: #98a2b3; --line: #343b48; --head: #1c2129;
  --in: #6fb3ff; --out: #c39bff; --good: #55c98c; --bad: #ff7b81; --wait: #ffb25c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1100px; padding: 16px 20px 40px; background: var(--ground);
  color: var(--ink); font: 14px/1.45 system-ui, sans-serif; }
h1 { font-size: 20px; margin: 0; overflow-wrap: anywhere; }
#about { margin: 2px 0 16px; color: var(--quiet); }
#about.lost { color: var(--bad); font-weight: 600; }
article { border: 1px solid var(--line); border-radius: 8px; margin: 0 0 14px; overflow: hidden; }
article > header { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px;
  padding: 10px 14px; background: var(--head); border-bottom: 1px solid var(--line); }
h2 { flex: 1 1 240px; font-size: 15px; margin: 0; overflow-wrap: anywhere; }
.state { border: 1px solid currentcolor; border-radius: 99px; padding: 0 10px; font-weight: 600; }
.good { color: var(--good); } .wait { color: var(--wait); } .bad { color: var(--bad); }
.still { color: var(--quiet); }
button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line);
  border-radius: 6px; padding: 2px 12px; cursor: pointer; }
button:hover:enabled, button:focus-visible { border-color: var(--in); }
button:disabled { color: var(--quiet); cursor: not-allowed; }
button.sure { color: var(--bad); border-color: var(--bad); }
.body { display: flex; flex-wrap: wrap; gap: 12px 28px; padding: 12px 14px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0;
  flex: 1 1 300px; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere;
  font-variant-numeric: tabular-nums; }
figure { margin: 0; flex: 0 1 250px; }
figcaption { display: flex; justify-content: space-between; color: var(--quiet); }
figcaption b { color: var(--ink); font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: 44px; background: var(--head); border-radius: 4px; }
svg path { fill: none; stroke-width: 1.6; vector-effect: non-scaling-stroke; }
.in path { stroke: var(--in); } .out path { stroke: var(--out); }
.errors { flex: 1 1 100%; margin: 0; padding: 0; list-style: none; }
.errors:not(:empty) { border-top: 1px solid var(--line); padding-top: 8px; }
.errors li { display: flex; gap: 12px; overflow-wrap: anywhere; }
.errors time { flex: 0 0 84px; color: var(--quiet); font-variant-numeric: tabular-nums; }
#hint { color: var(--quiet); }
</style>
<h1>@TITLE@</h1>
<p id="about" role="status">Reading …</p>
<main id="engines"></main>
<p id="hint"></p>
<script nonce="@NONCE@">
"use strict";
const period = 1000;
const kept = 60;
const token = location.hash.slice(1);
const tones = { running: "good", dialing: "wait", opening: "wait", closing: "wait", backoff: "bad",
  paused: "wait", idle: "still", stopped: "still" };
const cards = new Map();
let fails = 0;

const make = (name, cls, text) => {
  const result = document.createElement(name);
  if (cls) result.className = cls;
  if (text !== undefined) result.textContent = text;
  return result;
};

const age = seconds => {
  if (seconds < 60) return seconds.toFixed(seconds < 10 ? 1 : 0) + " s";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes + " min " + Math.floor(seconds % 60) + " s";
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? hours + " h " + minutes % 60 + " min" : Math.floor(hours / 24) + " days";
};

const size = bytes => {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  for (; bytes >= 1000 && unit < units.length - 1; ++unit) bytes /= 1000;
  return bytes.toFixed(unit && bytes < 100 ? 1 : 0) + " " + units[unit];
};

const messages = n => n.toLocaleString("en") + (n === 1 ? " message" : " messages");

const amount = x => messages(x.messages) + ", " + size(x.bytes);

const rate = x => (x < 10 && x % 1 ? x.toFixed(1) : Math.round(x).toLocaleString("en")) + " /s";

// A curve of what was counted in each second, the newest at the right.
class Graph {
  constructor(label, cls) {
    this.root = make("figure", cls);
    this.value = make("b");
    const caption = make("figcaption", "", label);
    caption.append(this.value);
    const space = "http://www.w3.org/2000/svg";
    this.svg = document.createElementNS(space, "svg");
    this.svg.setAttribute("viewBox", `0 0 ${kept} 40`);
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.svg.setAttribute("role", "img");
    this.path = document.createElementNS(space, "path");
    this.svg.append(this.path);
    this.label = label;
    this.root.append(caption, this.svg);
    this.rates = [];
  }

  add(total, at) {
    if (this.last && at > this.last.at) {
      this.rates.push(Math.max(0, total - this.last.total) / (at - this.last.at));
      if (this.rates.length > kept + 1) this.rates.shift();
    }
    this.last = { total, at };
    const now = this.rates.length ? this.rates[this.rates.length - 1] : 0;
    const top = Math.max(1, ...this.rates);
    const first = kept - this.rates.length + 1;
    this.path.setAttribute("d", this.rates.map((x, i) =>
      (i ? "L" : "M") + (first + i) + " " + (38 - 36 * x / top).toFixed(2)).join(""));
    this.value.textContent = rate(now);
    this.svg.setAttribute("aria-label",
      `${this.label}: ${rate(now)}, at most ${rate(Math.max(0, ...this.rates))}`);
  }
}

class Card {
  constructor(engine) {
    this.number = engine;
    this.root = make("article");
    this.root.dataset.engine = engine;
    const head = make("header");
    this.url = make("h2");
    this.state = make("span", "state");
    this.restart = this.button("Restart", "restart", false);
    this.stop = this.button("Stop", "stop", true);
    head.append(this.url, this.state, this.restart, this.stop);
    const body = make("div", "body");
    const list = make("dl");
    this.facts = {};
    for (const name of ["In this state", "Session", "Open for", "Received", "Sent", "Waits to be sent",
        "Not sent", "Last ping", "Reconnects"]) {
      this.facts[name] = make("dd");
      list.append(make("dt", "", name), this.facts[name]);
    }
    this.into = new Graph("Received", "in");
    this.out = new Graph("Sent", "out");
    this.errors = make("ul", "errors");
    body.append(list, this.into.root, this.out.root, this.errors);
    this.root.append(head, body);
  }

  // What cannot be taken back is asked for twice.
  button(label, what, twice) {
    const result = make("button", "", label);
    result.type = "button";
    result.disabled = !token;
    let sure = !twice;
    result.addEventListener("click", async () => {
      if (!sure) {
        sure = true;
        result.className = "sure";
        result.textContent = label + ": sure?";
        setTimeout(() => { sure = false; result.className = ""; result.textContent = label; }, 4000);
        return;
      }
      try {
        const answer = await fetch(`/engines/${this.number}/${what}`,
          { method: "POST", headers: { Authorization: "Bearer " + token } });
        hint(answer.ok ? "" : label + ": " + (await answer.text()));
      } catch (problem) {
        hint(label + ": " + problem.message);
      }
    });
    return result;
  }

  show(x, at) {
    const set = (name, text) => { this.facts[name].textContent = text; };
    this.url.textContent = x.url;
    this.state.textContent = x.state;
    this.state.className = "state " + (tones[x.state] || "still");
    set("In this state", age(x.state_age_s));
    set("Session", x.session || "none");
    set("Open for", x.session_age_s === null ? "–" : age(x.session_age_s));
    set("Received", amount(x.received));
    set("Sent", amount(x.sent));
    set("Waits to be sent", amount(x.queued));
    set("Not sent", messages(x.unsent));
    set("Last ping", x.round_trip_ms === null ? "–" : x.round_trip_ms.toFixed(1) + " ms");
    set("Reconnects", x.reconnects.toLocaleString("en"));
    this.into.add(x.received.messages, at);
    this.out.add(x.sent.messages, at);
    this.errors.replaceChildren(...x.errors.map(error => {
      const line = make("li");
      line.append(make("time", "", age(error.ago_s) + " ago"), make("span", "", error.text));
      return line;
    }));
  }
}

const hint = text => { document.getElementById("hint").textContent = text; };

const show = status => {
  const place = document.getElementById("engines");
  const seen = new Set();
  for (const x of status.engines) {
    seen.add(x.engine);
    if (!cards.has(x.engine)) {
      cards.set(x.engine, new Card(x.engine));
      place.append(cards.get(x.engine).root);
    }
    cards.get(x.engine).show(x, status.uptime_s);
  }
  for (const [engine, card] of cards)
    if (!seen.has(engine)) {
      card.root.remove();
      cards.delete(engine);
    }
  const about = document.getElementById("about");
  const states = Object.entries(status.states).map(([state, n]) => n + " " + state).join(", ");
  const hidden = status.engines_total - status.engines.length;
  about.className = "";
  about.textContent = "Up for " + age(status.uptime_s) + ". " + (states || "No engine") + "."
    + (hidden > 0 ? ` The first ${status.engines.length} are shown.` : "");
};

const poll = async () => {
  try {
    const answer = await fetch("/status.json", { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    show(await answer.json());
    fails = 0;
  } catch (problem) {
    const about = document.getElementById("about");
    about.className = "lost";
    about.textContent = "The program does not answer" + (++fails > 1 ? " for " + fails + " s." : ".");
  }
  setTimeout(poll, period);
};

if (!token) hint("Restart and stop take the address with the token, which the program has printed.");
poll();
</script>
</html>
)html";

void replace_all(std::string& in, std::string_view what, std::string_view by) {
  for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + by.size()))
    in.replace(at, what.size(), by);
}

std::string escaped(std::string_view text) {
  std::string result;
  for (auto c : text)
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += c;
    }
  return result;
}

} // namespace

std::string status_page(std::string_view title, std::string_view nonce) {
  std::string result{page};
  replace_all(result, "@NONCE@", nonce);
  replace_all(result, "@TITLE@", escaped(title));
  return result;
}

} // namespace wsengine::cli
