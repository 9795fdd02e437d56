// SPDX-License-Identifier: Apache-2.0
// The page: head, timeline, the chosen step, keys. Every text goes in as text.
'use strict';

const byId = (id) => document.getElementById(id);

function add(parent, name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

function show(node, text) {
  node.textContent = text;
  node.hidden = text === '';
}

const isOperation = (step) => /^\d+$/.test(step.label);
const kOperations = report.steps.filter(isOperation).length;
const answerOf = (step, side) =>
    step.answers[side] || (step.notRun ? 'not run' : step.label === 'end' ? '–' : 'stopped');
const hasAnswers = (step) => step.operation !== 'boot' && !step.notRun && (step.answers[0] || step.answers[1]);
const markOf = (step) => (step.failing ? '✗' : step.differs ? '≠' : '');
const inWords = (step) => (step.failing ? 'fails' : step.differs ? 'differs' : step.notRun ? 'not run' : 'alike');

function fillHead() {
  byId('key').textContent = report.key || 'no finding';
  document.body.classList.add(report.key ? 'finding' : 'agrees');
  byId('about').textContent = report.names.join(' beside ') + ' · ' + report.file + ' · ' + report.geometry + ' · ' +
      kOperations + (kOperations === 1 ? ' operation' : ' operations') + (report.leftOut ? ' · ' + report.leftOut : '');
  show(byId('explanation'), report.explanation);
  byId('command').textContent = report.command;
  const unmet = report.steps.flatMap((step) => (step.unmet || []).map((text) => 'step ' + step.label + ': ' + text));
  for (const text of unmet) add(byId('unmet'), 'li', '', text);
  byId('unmet').hidden = unmet.length === 0;
  byId('trace').textContent = report.trace;
  byId('verdicts').textContent = report.verdicts;
  show(byId('hidden'), report.hiddenSections === 0 ? '' :
      'The trace touches ' + report.hiddenSections + ' more sections than are shown.');
}

// Name and arguments of an operation are told apart for the eye.
function addOperation(parent, step) {
  const space = step.operation.indexOf(' ');
  const cut = space < 0 || step.operation === 'boot' ? step.operation.length : space;
  const code = add(parent, 'code', 'operation');
  add(code, 'b', '', step.operation.slice(0, cut));
  code.append(step.operation.slice(cut));
}

function fillTimeline() {
  const list = document.createDocumentFragment();
  report.steps.forEach((step, index) => {
    const item = add(list, 'li', inWords(step).replace(' ', '-'));
    item.id = 'step-' + index;
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', 'false');
    item.dataset.index = index;
    add(item, 'span', 'mark', markOf(step)).setAttribute('aria-label', inWords(step));
    add(item, 'span', 'label', isOperation(step) ? step.label : '');
    addOperation(item, step);
    if (!hasAnswers(step)) return;
    const [legacy, subsection] = [answerOf(step, 0), answerOf(step, 1)];
    if (legacy === subsection) add(item, 'span', 'answers', legacy);
    else add(item, 'span', 'answers two', legacy + ' | ' + subsection);
  });
  byId('timeline').append(list);
}

function addLegend() {
  const legend = byId('legend');
  const item = (pattern, letter, text) => {
    const span = add(legend, 'span', 'item');
    drawSwatch(pattern, letter, span);
    span.append(' ' + text);
  };
  const kinds = report.kinds.map((_, kind) => kind).filter((kind) => stateOf(kind).id === 'device');
  for (const state of report.states) {
    if (state.id !== 'device') item('p-' + state.id, state.letter, state.meaning);
    else if (kinds.length === 0) item('p-device-0', state.letter, state.meaning);
    else for (const kind of kinds.slice(0, 8)) item(patternOf(kind), state.letter, meaningOf(kind));
  }
  for (const [name, text] of [['difference', 'the two differ'], ['changed', 'changed by this step'],
                              ['asked', 'what the operation names']]) {
    const span = add(legend, 'span', 'item');
    const svg = draw('svg', {width: 34, height: kStrip, class: 'swatch', 'aria-hidden': 'true'}, span);
    if (name === 'difference') draw('rect', {class: name, x: 2, y: 2, width: 30, height: kStrip - 4}, svg);
    if (name === 'changed') draw('rect', {x: 2, y: 8, width: 30, height: 3}, draw('g', {class: name}, svg));
    if (name === 'asked') draw('path', {d: 'M2 12v-5H32v5'}, draw('g', {class: name}, svg));
    span.append(' ' + text);
  }
  const size = report.subsectionSize < 1 << 20 ? report.subsectionSize / 1024 + ' KiB' : report.subsectionSize / (1 << 20) + ' MiB';
  add(legend, 'p', 'note', 'A cell is a sub-section of ' + size + ', a row a section of ' +
      report.cells + ' of them; ' + report.names[0] + ' above, ' + report.names[1] + ' below.');
}

// What is to be said about a step, above its map.
function tell(parent, step) {
  parent.replaceChildren();
  addOperation(add(parent, 'p', 'asks'), step);
  if (step.notRun) add(parent, 'p', 'note', 'Not run: the run had ended, or both machines had stopped.');
  if (hasAnswers(step)) {
    const table = add(parent, 'table', answerOf(step, 0) === answerOf(step, 1) ? '' : 'differs');
    report.names.forEach((name, side) => {
      const row = add(table, 'tr');
      add(row, 'th', '', name).scope = 'row';
      add(row, 'td', 'answer', answerOf(step, side));
      if (step.expected && step.expected[side]) add(row, 'td', 'wrong', 'its reference: ' + step.expected[side]);
    });
  }
  if (step.clause !== undefined) {
    const clause = report.clauses[step.clause];
    const text = add(parent, 'p', 'clause');
    add(text, 'b', '', clause.id);
    text.append(' (' + clause.relation + ') — ' + clause.when + '. ');
    add(text, 'span', 'because', 'Because: ' + clause.because);
  }
  for (const text of step.unmet || []) add(parent, 'p', 'wrong', text);
  if (step.failing && report.explanation && !(step.unmet || []).length) {
    add(parent, 'p', 'wrong', 'The finding is seen here: ' + report.explanation.split('\n')[0]);
  }
}

function titleOf(index) {
  const {label} = report.steps[index];
  if (label === 'boot') return 'After boot';
  return isOperation(report.steps[index]) ? 'Step ' + label + ' of ' + kOperations : 'End of the run';
}

let map;
let current = -1;
let addressTimer;

// Once the reader rests: browsers complain of an address that changes many times a second.
function nameInAddress(index) {
  try {
    history.replaceState(null, '', '#step-' + index);
  } catch {
    // Where the page is shown inside another program it may have no address.
  }
}

function go(index) {
  index = Math.max(0, Math.min(report.steps.length - 1, index));
  if (index === current) return;
  const step = report.steps[index];
  for (const [i, selected] of [[current, 'false'], [index, 'true']]) {
    if (i >= 0) byId('step-' + i).setAttribute('aria-selected', selected);
  }
  current = index;
  const item = byId('step-' + index);
  byId('timeline').setAttribute('aria-activedescendant', item.id);
  item.scrollIntoView({block: 'nearest'});
  byId('title').textContent = titleOf(index) + (isOfNote(step) ? ' — ' + inWords(step) : '');
  byId('step').className = inWords(step).replace(' ', '-');
  tell(byId('told'), step);
  const concerned = map.show(index);
  if (concerned.length > 0) concerned[0].node.scrollIntoView({block: 'nearest'});
  byId('status').textContent = titleOf(index) + ', ' + inWords(step) + ': ' + step.operation;
  document.body.dataset.step = index;
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => nameInAddress(index), 200);
}

const firstFailing = () => report.steps.findIndex((step) => step.failing);
// Where there is something to see: what fails, else the first difference.
function startingStep() {
  const named = /^#step-(\d+)$/.exec(location.hash);
  if (named && Number(named[1]) < report.steps.length) return Number(named[1]);
  return firstFailing() >= 0 ? firstFailing() : nextOfNote(0, 1);
}

const kKeys = {
  ArrowDown: () => current + 1, ArrowRight: () => current + 1, j: () => current + 1,
  ArrowUp: () => current - 1, ArrowLeft: () => current - 1, k: () => current - 1,
  Home: () => 0, End: () => report.steps.length - 1,
  n: () => nextOfNote(current, 1), p: () => nextOfNote(current, -1),
  f: () => (firstFailing() < 0 ? current : firstFailing()),
};

// What is under the mouse: at `x` of the window, over the run of cells `target`, if it is one.
function pointAt(target, x) {
  const run = target.closest('.cells[data-section]');
  byId('place').hidden = !run;
  if (!run) return;
  const box = run.getBoundingClientRect();
  const [first, count] = [run.dataset.first, run.dataset.count].map(Number);
  const at = first + Math.max(0, Math.min(count - 1, Math.floor((x - box.left) / box.width * count)));
  const number = parseInt(run.dataset.section, 16);
  const now = memory[current][report.sections.indexOf(number)];
  const sides = now.rows.map((row, side) => report.names[side] + ': ' + meaningOf(cellsOfRow[row][at]));
  const difference = now.differs.find(([first, count]) => at >= first && at < first + count);
  byId('place').textContent = rangeOf(number * report.sectionSize + at * report.subsectionSize, report.subsectionSize) +
      ' · section ' + hexadecimal(number) + ' sub-section ' + at + ' · ' + sides.join(' · ') +
      (difference ? ' · ' + reasonOf(difference[2]) : '');
}

// On paper: every step of note with the rows it has to do with or that differ, as many as anybody reads.
const kPrintedSteps = 24;
function preparePrint() {
  const paper = byId('print');
  paper.replaceChildren();
  let steps = report.steps.map((_, index) => index).filter((index) => isOfNote(report.steps[index]));
  if (steps.length > kPrintedSteps) {
    add(paper, 'p', 'note', 'Of ' + steps.length + ' steps that differ or fail, ' + kPrintedSteps + ' are shown.');
    const failing = steps.filter((index) => report.steps[index].failing);
    steps = [...new Set([...steps.slice(0, Math.max(0, kPrintedSteps - failing.length)), ...failing])].slice(0, kPrintedSteps);
  }
  for (const index of steps.length > 0 ? steps : [current]) {
    const block = add(paper, 'article');
    add(block, 'h2', '', titleOf(index) + ' — ' + inWords(report.steps[index]));
    tell(add(block, 'div', 'told'), report.steps[index]);
    const changed = new Set((report.steps[index].changes || []).map((change) => change[0]));
    new MemoryMap(block, ({section}) => changed.has(section) || memory[index][section].differs.length > 0 ||
        askedIn(report.steps[index], section).length > 0).show(index);
  }
}

function listen() {
  document.addEventListener('keydown', (event) => {
    const key = kKeys[event.key];
    if (!key || event.ctrlKey || event.altKey || event.metaKey) return;
    // In the text of the trace arrows scroll.
    if (event.target.closest('pre') && event.key.length > 1) return;
    event.preventDefault();
    go(key());
  });
  byId('timeline').addEventListener('click', (event) => {
    const item = event.target.closest('[data-index]');
    if (item) go(Number(item.dataset.index));
  });
  byId('previous').addEventListener('click', () => go(current - 1));
  byId('next').addEventListener('click', () => go(current + 1));
  byId('map').addEventListener('mousemove', (event) => pointAt(event.target, event.clientX));
  byId('map').addEventListener('mouseleave', () => pointAt(byId('map'), 0));
  window.addEventListener('hashchange', () => go(startingStep()));
  window.addEventListener('beforeprint', preparePrint);
}

fillHead();
fillTimeline();
addLegend();
map = new MemoryMap(byId('map'));
byId('place').hidden = true;
go(startingStep());
listen();
