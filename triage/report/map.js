// SPDX-License-Identifier: Apache-2.0
// The map: physical memory after a step, a drawing a section or a group of sections that are always alike.
'use strict';

// As in triage/svg_report.cc.
const kLeft = 112;
const kStripWidth = 768;
const kCell = Math.min(48, kStripWidth / report.cells);
const kStrip = 18;
const kGap = 3;
const kGroup = 82;
const kTop = 34;
const kWidth = kLeft + kStripWidth + 4;
const kCharacter = 6.7;

function draw(name, attributes, parent, text) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}

// Calls each(first, count, value) for every run of equal values.
function forEachRun(values, each) {
  for (let i = 0; i < values.length;) {
    let end = i + 1;
    while (end < values.length && values[end] === values[i]) ++end;
    each(i, end - i, values[i]);
    i = end;
  }
}

const kLines = Array.from({length: report.cells + 1}, (_, cell) => kLeft + cell * kCell);
const kGrid = kLines.map((x) => 'M' + x + ' 0v' + kStrip).join('') +
    [0, kStrip].map((y) => 'M' + kLeft + ' ' + y + 'h' + report.cells * kCell).join('');
const kRuler = kLines.filter((_, cell) => cell % 8 === 0).map((x) => 'M' + x + ' ' + (kTop + 2 * kStrip + kGap) + 'v4').join('');
const cellX = (cell) => kLeft + cell * kCell;
const stripY = (side) => kTop + side * (kStrip + kGap);

// One side of a group: a rectangle for each run of cells that are alike, and over it what it is: in words, or its letter
// where there is no room.
class Strip {
  constructor(parent, group, side) {
    this.group = group;
    this.side = side;
    this.row = -1;
    draw('text', {class: 'side', x: kLeft - 8, y: stripY(side) + 13}, parent, report.names[side]);
    this.runs = draw('g', {'aria-hidden': 'true'}, parent);
    draw('path', {class: 'grid', d: kGrid, transform: 'translate(0 ' + stripY(side) + ')'}, parent);
    this.words = draw('g', {class: 'words', 'aria-hidden': 'true'}, parent);
  }

  show(row) {
    if (row === this.row) return;
    this.row = row;
    this.runs.replaceChildren();
    this.words.replaceChildren();
    forEachRun(cellsOfRow[row], (first, count, kind) => {
      draw('rect', {
        class: 'cells', x: cellX(first), y: stripY(this.side), width: count * kCell, height: kStrip,
        fill: 'url(#' + patternOf(kind) + ')', 'data-side': report.names[this.side],
        'data-section': hexadecimal(this.group.number), 'data-first': first, 'data-count': count,
        'data-state': stateOf(kind).id, 'data-owner': ownerOf(kind),
      }, this.runs);
      if (stateOf(kind).id !== 'hole') this.name(first, count, kind);
    });
  }

  name(first, count, kind) {
    const room = count * kCell - 6;
    const fits = [meaningOf(kind), ownerOf(kind)].find((text) => text && text.length * kCharacter <= room);
    draw('text', {x: cellX(first) + count * kCell / 2, y: stripY(this.side) + 13}, this.words,
         fits || stateOf(kind).letter);
  }
}

const kGroups = groupsOfSections();

class Group {
  constructor(parent, group) {
    this.group = group;
    const size = group.count * report.sectionSize;
    this.range = rangeOf(group.number * report.sectionSize, size);
    const frame = document.createElement('div');
    frame.className = 'frame';
    parent.appendChild(frame);
    this.node = draw('svg', {
      class: 'group', role: 'img', viewBox: '0 0 ' + kWidth + ' ' + kGroup, width: kWidth, height: kGroup,
      'data-section': hexadecimal(group.number), 'data-sections': group.count,
    }, frame);
    draw('text', {class: 'range', x: kLeft, y: 16}, this.node, this.range);
    const alike = group.count === 1 ? 'section ' + hexadecimal(group.number) : group.count + ' sections alike';
    draw('text', {class: 'alike', x: kLeft + this.range.length * 7.4 + 12, y: 16}, this.node, alike);
    this.reason = draw('text', {class: 'reason', x: kLeft + kStripWidth, y: 16}, this.node);
    this.asked = draw('g', {class: 'asked'}, this.node);
    this.strips = [0, 1].map((side) => new Strip(this.node, group, side));
    draw('path', {class: 'ruler', d: kRuler}, this.node);
    this.differences = draw('g', {class: 'differences'}, this.node);
    this.changed = draw('g', {class: 'changed'}, this.node);
  }

  // Returns whether the step changes it or names it.
  show(index) {
    const step = report.steps[index];
    const now = memory[index][this.group.section];
    const before = index === 0 ? now : memory[index - 1][this.group.section];
    now.rows.forEach((row, side) => this.strips[side].show(row));
    if (this.shown !== now) {
      this.outline(now.differs);
      this.node.setAttribute('aria-label', this.inWords(now));
    }
    this.shown = now;
    const changed = this.markChanged(before, now);
    const asked = this.markAsked(askedIn(step, this.group.section));
    return changed || asked;
  }

  outline(differs) {
    this.differences.replaceChildren();
    const reasons = new Map();
    for (const [first, count, since] of differs) {
      draw('rect', {
        class: 'difference', x: cellX(first) - 1, y: stripY(0) - 1, width: count * kCell + 2,
        height: 2 * kStrip + kGap + 2, 'data-first': first, 'data-count': count, 'data-since': since,
      }, this.differences);
      reasons.set(reasonOf(since), true);
    }
    const texts = [...reasons.keys()];
    this.reason.textContent = texts.length > 1 ? texts[0] + ', and ' + (texts.length - 1) + ' more' : texts[0] || '';
  }

  markChanged(before, now) {
    this.changed.replaceChildren();
    [0, 1].forEach((side) => {
      const [old, cells] = [before.rows[side], now.rows[side]].map((row) => cellsOfRow[row]);
      if (old === cells) return;
      const y = side === 0 ? stripY(0) - 5 : stripY(1) + kStrip + 2;
      forEachRun(cells.map((kind, i) => kind !== old[i]), (first, count, is) => {
        if (is) draw('rect', {x: cellX(first), y, width: count * kCell, height: 3}, this.changed);
      });
    });
    return this.changed.childNodes.length > 0;
  }

  markAsked(parts) {
    this.asked.replaceChildren();
    for (const [first, last] of parts) {
      draw('path', {
        d: 'M' + (cellX(first) + 1) + ' 27v-4H' + (cellX(last + 1) - 1) + 'v4', 'data-first': first, 'data-last': last,
      }, this.asked);
    }
    return parts.length > 0;
  }

  inWords(now) {
    const sides = now.rows.map((row, side) => {
      const runs = [];
      forEachRun(cellsOfRow[row], (first, count, kind) => runs.push(count + ' ' + meaningOf(kind)));
      return report.names[side] + ': ' + runs.join(', ');
    });
    const differs = now.differs.map(([first, count, since]) => count + ' from ' + first + ' on: ' + reasonOf(since));
    return this.range + '; ' + sides.join('; ') + (differs.length ? '; ' + differs.join('; ') : '');
  }
}

// `wanted`, a filter of groups, may be left out.
class MemoryMap {
  constructor(parent, wanted) {
    this.groups = kGroups.filter(wanted || (() => true)).map((group) => new Group(parent, group));
  }

  // Returns the groups that the step has to do with.
  show(index) { return this.groups.filter((group) => group.show(index)); }
}

function drawSwatch(pattern, letter, parent) {
  const svg = draw('svg', {width: 34, height: kStrip, class: 'swatch', 'aria-hidden': 'true'}, parent);
  draw('rect', {class: 'cells', x: 0.5, y: 0.5, width: 33, height: kStrip - 1, fill: 'url(#' + pattern + ')'}, svg);
  draw('text', {x: 17, y: 13, class: 'words'}, svg, letter);
}
