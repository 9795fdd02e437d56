// SPDX-License-Identifier: Apache-2.0
// The data of a report (triage/report_json.h) and what can be asked of them. Texts in them are a stranger's.
'use strict';

const report = JSON.parse(document.getElementById('data').textContent);
report.subsectionSize = report.sectionSize / report.cells;

// Of each step: what each section is like after it, as the change that made it so.
const memory = [];
for (const step of report.steps) {
  const after = memory.length === 0 ? [] : memory[memory.length - 1].slice();
  for (const [section, legacy, subsection, differs] of step.changes || []) {
    after[section] = {rows: [legacy, subsection], differs};
  }
  memory.push(after);
}

// The kind of every cell of a row, in place of runs.
const cellsOfRow = report.rows.map((row) => {
  const cells = [];
  for (let i = 0; i < row.length; i += 2) cells.push(...Array(row[i]).fill(row[i + 1]));
  return cells;
});

const stateOf = (kind) => report.states[report.kinds[kind][0]];
const ownerOf = (kind) => (report.kinds[kind][1] === null ? '' : report.owners[report.kinds[kind][1]]);
const kDevicePatterns = 6;
function patternOf(kind) {
  const id = stateOf(kind).id;
  return 'p-' + id + (id === 'device' ? '-' + (report.kinds[kind][1] % kDevicePatterns) : '');
}
function meaningOf(kind) {
  const owner = ownerOf(kind);
  return stateOf(kind).meaning + (owner ? ' ' + owner : '');
}

// Cells [first, last] of a section that the operation of a step names; several for operations of several ranges.
function askedIn(step, section) {
  const parts = [];
  for (const [firstSection, first, lastSection, last] of step.asked || []) {
    if (section < firstSection || section > lastSection) continue;
    parts.push([section === firstSection ? first : 0, section === lastSection ? last : report.cells - 1]);
  }
  return parts;
}

// Neighbours that are alike after every step, and that operations name alike, are one row of the map.
function groupsOfSections() {
  const histories = report.sections.map(() => []);
  report.steps.forEach((step, index) => {
    for (const [section, legacy, subsection] of step.changes || []) {
      histories[section].push(index, legacy, subsection);
    }
    for (const [firstSection, , lastSection] of step.asked || []) {
      for (let s = firstSection; s <= lastSection; ++s) histories[s].push('a', index, askedIn(step, s));
    }
  });
  const keys = histories.map((history) => history.join());
  const groups = [];
  report.sections.forEach((number, section) => {
    const last = groups[groups.length - 1];
    if (last && number === last.number + last.count && keys[section] === keys[last.section]) {
      ++last.count;
    } else {
      groups.push({section, number, count: 1});
    }
  });
  return groups;
}

const hexadecimal = (number) => number.toString(16);
function rangeOf(first, size) { return hexadecimal(first) + '-' + hexadecimal(first + size - 1); }

// Why cells differ since a step, in a line.
function reasonOf(since) {
  if (since === 0) return 'differs since boot';
  const step = report.steps[since];
  const clause = step.clause === undefined ? null : report.clauses[step.clause];
  const by = clause ? 'clause ' + clause.id : step.failing ? 'the finding' : 'no clause about the answers';
  return 'differs since step ' + step.label + ': ' + by;
}

const isOfNote = (step) => Boolean(step.differs || step.failing);
function nextOfNote(from, direction) {
  for (let i = from + direction; i >= 0 && i < report.steps.length; i += direction) {
    if (isOfNote(report.steps[i])) return i;
  }
  return from;
}
