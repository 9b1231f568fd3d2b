// trace_template.cpp: see trace_template.hpp.

#include "trace_template.hpp"

namespace wsengine::trace_template {

const std::string_view begin = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>)html";

const std::string_view middle = R"html(</title>
<style>
:root { color-scheme: light dark;
  --ground: #ffffff; --ink: #1d2330; --quiet: #667085; --line: #d5dae3; --head: #f4f6fa;
  --in: #0b6bcb; --out: #7a3ec8; --good: #0f7b45; --bad: #c0262d; --signal: #b35a00;
  --bar: #cfe3fa; --wait: #ffe9c2; --pick: #eaf2fd; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #14171d; --ink: #e6e9ef; --quiet: #98a2b3; --line: #343b48; --head: #1c2129;
  --in: #6fb3ff; --out: #c39bff; --good: #55c98c; --bad: #ff7b81; --signal: #ffb25c;
  --bar: #22405f; --wait: #57431d; --pick: #222c3a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.4 system-ui, sans-serif; }
header { padding: 12px 20px 8px; }
h1 { font-size: 18px; margin: 0; overflow-wrap: anywhere; }
header p { margin: 2px 0 0; color: var(--quiet); }
main { display: flex; align-items: flex-start; }
#diagram { flex: 1 1 auto; overflow-x: auto; }
#lanes { position: sticky; top: 0; background: var(--head); border-block: 1px solid var(--line); }
svg { display: block; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .time { fill: var(--quiet); font-variant-numeric: tabular-nums; text-anchor: end; }
svg .lane { font-weight: 600; text-anchor: middle; }
svg .label { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }
.in { --tone: var(--in); } .out { --tone: var(--out); } .good { --tone: var(--good); }
.bad { --tone: var(--bad); } .signal { --tone: var(--signal); } .quiet { --tone: var(--quiet); }
.row path, .row line { stroke: var(--tone); fill: none; stroke-width: 1.6; }
.row .tip { fill: var(--tone); stroke: none; }
.row .label { fill: var(--tone); }
.row .back { fill: transparent; }
.row { cursor: pointer; outline: none; }
.row:hover .back { fill: var(--head); }
.row:focus .back, .row.picked .back { fill: var(--pick); }
.row:focus .back { stroke: var(--in); stroke-width: 1.5; }
aside { flex: 0 0 300px; position: sticky; top: 0; padding: 12px 16px; border-left: 1px solid var(--line);
  max-height: 100vh; overflow: auto; }
aside h2 { font-size: 14px; margin: 0 0 8px; }
dl { margin: 0; } dt { color: var(--quiet); margin-top: 8px; }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font-family: ui-monospace, monospace;
  font-size: 12px; }
@media (max-width: 900px) { main { display: block; } aside { position: fixed; inset: auto 0 0 0;
  border-top: 1px solid var(--line); max-height: 30vh; background: var(--ground); } }
</style>
<header><h1 id="title"></h1><p id="about"></p></header>
<main>
  <div id="diagram"></div>
  <aside aria-live="polite"><h2 id="what">No event is chosen</h2><dl id="fields"></dl></aside>
</main>
<noscript><p>This page draws itself by a script of its own.</p></noscript>
<script type="application/json" id="events">[)html";

const std::string_view end = R"html(]</script>
<script>
"use strict";
const events = JSON.parse(document.getElementById("events").textContent);
const names = ["server", "connection", "reader", "handlers", "engine", "client"];
const height = 26, top0 = 10, left = 100;
const wide = Math.max(900, document.getElementById("diagram").clientWidth);
const gap = (wide - left - 70) / (names.length - 1) * 0.96;
const x = name => left + 40 + names.indexOf(name) * gap;
// Where each event stands: a delay before an attempt gets some room.
const heights = [];
let depth = top0;
events.forEach((e, i) => {
  if (e.event === "dial" && i > 0 && e.t_ms > events[i - 1].t_ms) depth += height;
  heights.push(depth + height / 2);
  depth += height;
});
const y = i => heights[i];
const bottom = depth + top0;

function make(name, attributes, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}
function cut(text, length) {
  const line = String(text).replace(/\s+/g, " ");
  return line.length > length ? line.slice(0, length - 1) + "…" : line;
}
function span(ms) { return ms < 1000 ? Math.round(ms) + " ms" : (ms / 1000).toFixed(ms < 10000 ? 2 : 1) + " s"; }
function content(e) {
  if (e.text !== undefined) return "“" + cut(e.text, 40) + "”";
  return (e.kind || "") + (e.base64 ? ", " + atob(e.base64).length + " bytes" : "");
}
function who(by) {
  if (names.includes(by)) return by;
  return by === "handler" ? "handlers" : "client";
}
function caller(name) { return name.startsWith("on_message") || name === "on_read_error" ? "handlers" : "engine"; }

// From where to where an event goes, in which colour, and what stands at it.
function shape(e) {
  const more = e.info ? ": " + e.info : "";
  switch (e.event) {
    case "dial": return ["engine", "server", "out", "dial " + (e.url || "")];
    case "open": return ["server", "engine", "good", "open, status " + e.status];
    case "dial_failed": return ["server", "engine", "bad", e.info || "the dial failed"];
    case "received": return ["server", who(e.by), "in", content(e)];
    case "write": return [who(e.by), "server", "out", content(e)];
    case "read_failed": return ["connection", "reader", "bad", e.info];
    case "ping": return ["connection", "server", "quiet", "ping"];
    case "pong": return ["server", "connection", "quiet", "pong" + more];
    case "ping_failed": return ["server", "connection", "bad", "no pong" + more];
    case "close": return [who(e.by), "server", "out", "close " + e.code + (e.reason ? " " + e.reason : "")];
    case "close_failed": return ["server", "engine", "bad", e.info];
    case "over": return ["server", "engine", e.code === 1006 ? "bad" : "quiet",
      "over, " + e.code + (e.reason ? " " + e.reason : "")];
    case "exit": return ["engine", "connection", "signal", "exit signal" + more];
    case "callback": return [caller(e.name), "client", "good", e.name + (e.info ? " (" + e.info + ")" : "")];
    case "answer": return ["client", caller(e.name), e.info ? "signal" : "quiet",
      e.info ? "exit signal: " + e.info : "done"];
    case "crash": return ["client", caller(e.name), "bad", e.name + " crashes" + more];
    case "note": return ["client", "engine", "signal", e.name + more];
    case "stopped": return ["engine", "engine", "quiet", "stopped" + more];
    default: return ["server", "client", "quiet", e.event + more];
  }
}

const all = make("svg", { width: wide, height: bottom, role: "list",
  "aria-label": "Events, time downwards" });
const under = make("g", {});
for (const name of names)
  under.append(make("line", { x1: x(name), x2: x(name), y1: 0, y2: bottom,
    stroke: "var(--line)" }));
all.append(under);

// Bars: a connection lives from its dial to its end; between two connections the engine waits.
const since = new Map();
let idle = null;
function bar(lane, from, to, colour, title) {
  const node = make("rect", { x: x(lane) - 5, width: 10, y: y(from), height: Math.max(4, y(to) - y(from)),
    rx: 3, fill: colour, class: "bar" });
  node.append(make("title", {}, title));
  under.append(node);
}
events.forEach((e, i) => {
  if (e.event === "dial") {
    since.set(e.connection, i);
    if (idle !== null && e.t_ms > idle.t_ms) {
      bar("engine", idle.row, i, "var(--wait)", "backoff, " + span(e.t_ms - idle.t_ms));
      under.append(make("text", { x: x("engine") + 10, y: (y(idle.row) + y(i)) / 2 + 6, class: "backoff",
        style: "fill: var(--signal)" }, "backoff " + span(e.t_ms - idle.t_ms)));
    }
    idle = null;
  }
  if (e.event === "over" || e.event === "dial_failed") {
    if (since.has(e.connection))
      bar("connection", since.get(e.connection), i, "var(--bar)", "connection " + e.connection);
    since.delete(e.connection);
  }
  // The delay begins when the last thing before the next dial is done.
  if (since.size === 0 && e.event !== "dial" && e.event !== "note") idle = { row: i, t_ms: e.t_ms };
});
for (const [connection, row] of since)
  bar("connection", row, events.length - 1, "var(--bar)", "connection " + connection);

function arrow(row, from, to, dashed, at) {
  const a = x(from), b = x(to), way = Math.sign(b - a);
  if (a === b) {
    row.append(make("path", { d: `M${a - 5} ${at}h10M${a} ${at - 5}v10`, class: "mark" }));
    return;
  }
  row.append(make("line", { x1: a, x2: b - way * 6, y1: at, y2: at, "stroke-dasharray": dashed ? "4 3" : "none" }));
  row.append(make("path", { d: `M${b} ${at}l${-way * 8} -4v8z`, class: "tip" }));
}

let last = -Infinity;
const rows = events.map((e, i) => {
  const [from, to, tone, text] = shape(e);
  const row = make("g", { class: "row " + tone, role: "listitem", tabindex: i === 0 ? 0 : -1,
    "aria-label": `${(e.t_ms / 1000).toFixed(3)} s, ${from} to ${to}: ${cut(text, 200)}` });
  row.append(make("rect", { class: "back", x: 2, y: y(i) - height / 2 + 1, width: wide - 4, height: height - 2, rx: 4 }));
  if (e.t_ms !== last)
    row.append(make("text", { class: "time", x: left - 20, y: y(i) + 4 }, (e.t_ms / 1000).toFixed(3) + " s"));
  last = e.t_ms;
  arrow(row, from, to, e.event === "answer", y(i) + 5);
  const a = Math.min(x(from), x(to)), room = from === to ? wide - x(from) - 20 : Math.max(Math.abs(x(from) - x(to)), gap);
  const right = from === to || a + room > wide - 20;
  const label = make("text", { class: "label", y: y(i) + 1,
    x: from === to ? x(from) + 10 : right ? x("client") - 8 : a + 8,
    "text-anchor": from !== to && right ? "end" : "start" }, cut(text, Math.max(12, Math.floor(room / 6.4) - 2)));
  label.append(make("title", {}, String(text)));
  row.append(label);
  row.addEventListener("focus", () => choose(i));
  row.addEventListener("click", () => { choose(i); row.focus(); });
  all.append(row);
  return row;
});

function choose(i) {
  // A key or a click chooses, and the focus that follows chooses again.
  if (rows[i].classList.contains("picked")) return;
  document.querySelectorAll(".picked").forEach(node => node.classList.remove("picked"));
  rows.forEach((row, k) => row.setAttribute("tabindex", k === i ? 0 : -1));
  rows[i].classList.add("picked");
  document.getElementById("what").textContent = `${events[i].event} at ${(events[i].t_ms / 1000).toFixed(3)} s`;
  const list = document.getElementById("fields");
  list.replaceChildren();
  for (const [key, value] of Object.entries(events[i])) {
    const name = document.createElement("dt"), content = document.createElement("dd");
    name.textContent = key;
    content.textContent = typeof value === "object" ? JSON.stringify(value, null, 1) : String(value);
    list.append(name, content);
  }
}
document.addEventListener("keydown", e => {
  const now = Math.max(0, rows.findIndex(row => row.classList.contains("picked")));
  const next = { ArrowDown: now + 1, ArrowUp: now - 1, PageDown: now + 15, PageUp: now - 15, Home: 0,
    End: rows.length - 1 }[e.key];
  if (next === undefined || rows.length === 0) return;
  e.preventDefault();
  const i = Math.min(rows.length - 1, Math.max(0, next));
  // Told here, too: a document that the window does not show gets no focus events.
  choose(i);
  rows[i].focus();
  rows[i].scrollIntoView({ block: "nearest" });
});

const head = make("svg", { width: wide, height: 30, id: "lanes" });
for (const name of names) head.append(make("text", { class: "lane", x: x(name), y: 20 }, name));
document.getElementById("diagram").append(head, all);
document.getElementById("title").textContent = document.title;
document.getElementById("about").textContent = events.length + " events"
  + (events.length ? " in " + span(events[events.length - 1].t_ms) : "")
  + ". Arrow keys go from event to event.";
document.body.dataset.drawn = rows.length;
</script>
</html>
)html";

} // namespace wsengine::trace_template
