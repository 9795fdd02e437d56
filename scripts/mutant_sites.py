# SPDX-License-Identifier: Apache-2.0
"""Where C++ text can be mutated, and how: small generic changes of the conditions, values and statements of function bodies.

Textual, for code as this project writes it (one style, no macros, binary operators between blanks). What is no such code is
passed over. Constant expressions are not touched. Not covered: whether a change compiles (make_mutants.py).
"""
import re

# Each operator with what takes its place.
OPERATORS = {
    "<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="],
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "<<": [">>"], ">>": ["<<"],
    "&&": ["||"], "||": ["&&"], "&": ["|"], "|": ["&"], "^": ["|"],
}
COMPARISONS = {"<", "<=", ">", ">=", "==", "!="}
OPERATOR = re.compile(r"(?<=\s)(" + "|".join(re.escape(o) for o in sorted(OPERATORS, key=len, reverse=True)) + r")(?=\s)")
LITERAL = re.compile(r"(?<![\w.'])(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)(?![\w.'])")
BOOLEAN = re.compile(r"\b(true|false)\b")
CALL = re.compile(r"\b\w+\(")
CONTROL = re.compile(r"(if|while|for|switch)\b\s*(constexpr\b\s*)?\(")
LABEL = re.compile(r"(case\b[^;{}]*?[^:]|default\s*):(?!:)")
# "const T x = ...", "T* x(...)": two words behind each other begin a declaration.
DECLARATION = re.compile(r"(const|static|constexpr|auto|using|typedef|struct|enum|class)\b|[\w:]+(<[^;=()]*>)?\s*[&*]*\s+[&*]*\w+\s*[=;({\[]")
KEYWORD = re.compile(r"(return|break|continue|goto|throw|co_return|delete|case|default)\b")
ASSIGNMENT = re.compile(r"(?<![=!<>])\s([-+*/%&|^]|<<|>>)?=\s")


def masked(text):
    """The text with blanks in place of comments, strings and preprocessor lines; every character where it was."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])
    # What another build has is none of this one.
    text = re.sub(r"^[ \t]*#if .*?^[ \t]*#endif", blank, text, flags=re.S | re.M)
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|^[ \t]*#[^\n]*', blank, text,
                  flags=re.S | re.M)


def end_of(text, at):
    """Behind the bracket that closes the one at `at`."""
    depth = 0
    for i in range(at, len(text)):
        if text[i] in "([{":
            depth += 1
        elif text[i] in ")]}":
            depth -= 1
            if depth == 0:
                return i + 1
    return len(text)


def find_at_depth_0(text, start, end, wanted):
    """Where one of the characters stands outside of all brackets; `end` if none does."""
    i = start
    while i < end:
        if text[i] in wanted:
            return i
        i = end_of(text, i) if text[i] in "([{" else i + 1
    return end


def is_body(head):
    """Whether what stands before a brace makes it the body of a function that runs."""
    head = head.strip()
    if re.match(r"(inline\s+)?(namespace|struct|class|union|enum)\b", head) or re.search(r"\b(constexpr|consteval)\b", head):
        return False
    return "(" in head and re.search(r"(\)|\bconst|\boverride|\bnoexcept|\bfinal|\})$", head) is not None


def descends(head):
    return re.match(r"\s*(template\s*<.*>\s*)?(inline\s+)?(namespace|struct|class|union)\b", head, re.S) is not None or \
        re.search(r'extern\s*$', head) is not None


def bodies(text):
    """(start, end) between the braces of each function body."""
    found, begin, i = [], 0, 0
    while i < len(text):
        c = text[i]
        if c in ";}":
            begin = i + 1
        elif c == "(":
            i = end_of(text, i)
            continue
        elif c == "{":
            head = text[begin:i]
            if descends(head):
                begin = i + 1
            elif is_body(head):
                end = end_of(text, i)
                found.append((i + 1, end - 1))
                begin = i = end
                continue
            else:
                i = end_of(text, i)  # an initialiser, an enumeration, a constant expression
                continue
        i += 1
    return found


class Unit:
    """A part of the text that is replaced as a whole: an expression, or a statement that goes."""

    def __init__(self, kind, start, end):
        self.kind, self.start, self.end = kind, start, end


def expression(units, text, kind, start, end):
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    part = text[start:end]
    # A list in braces has no type of its own; a body of statements is none of these.
    if part and part[0] not in "{[" and ";" not in part and '"' not in part:
        units.append(Unit(kind, start, end))


def condition(units, text, start, end):
    part = text[start:end]
    at = find_at_depth_0(text, start, end, ";")
    if at != end:  # an initialiser before it
        start, part = at + 1, text[at + 1:end]
    if not re.match(r"\s*(const\s+)?[\w:]+(<[^=()]*>)?\s*[&*]*\s+[&*]*\w+\s*=[^=]", part):
        expression(units, text, "condition", start, end)


def control(units, text, match):
    """Of if (...), while (...), for (...), switch (...); returns where the statement begins."""
    start, end = match.end(), end_of(text, match.end() - 1) - 1
    if match[1] == "for":
        first = find_at_depth_0(text, start, end, ";")
        if first != end:
            expression(units, text, "condition", first + 1, find_at_depth_0(text, first + 1, end, ";"))
    elif match[1] != "switch" and match[2] is None:
        condition(units, text, start, end)
    return end + 1


def statement(units, text, start, end):
    """One that ends with the semicolon at `end`."""
    part = text[start:end]
    if part.startswith("return"):
        expression(units, text, "value", start + len("return"), end)
        return
    if re.match(r"(static|using|typedef|constexpr)\b", part) or KEYWORD.match(part):
        return
    declares = DECLARATION.match(part + ";") is not None
    assigned = ASSIGNMENT.search(part)
    if assigned and find_at_depth_0(text, start, end, "=") == start + assigned.end() - 2:
        expression(units, text, "value", start + assigned.end(), end)
    if not declares and (assigned or CALL.search(part) or part.endswith(("++", "--")) or part.startswith(("++", "--"))):
        units.append(Unit("statement", start, end + 1))


def units_in(text):
    """Of a masked text."""
    units = []
    for start, end in bodies(text):
        i = start
        while i < end:
            if text[i].isspace() or text[i] in "{};":
                i += 1
                continue
            keyword = re.compile(r"(else|do)\b").match(text, i)
            head = CONTROL.match(text, i)
            label = LABEL.match(text, i, end)
            if keyword:
                i = keyword.end()
            elif head:
                i = control(units, text, head)
            elif label:
                i = label.end()
            else:
                stop = find_at_depth_0(text, i, end, ";}")
                if stop < end and text[stop] == ";":
                    statement(units, text, i, stop)
                i = stop + 1
    return units


def replaced(part, start, end, by):
    return part[:start] + by + part[end:]


def swapped_arguments(part):
    """Calls with their first two arguments exchanged: (place, change in words, the new text)."""
    for call in CALL.finditer(part):
        close = end_of(part, call.end() - 1) - 1
        first = find_at_depth_0(part, call.end(), close, ",")
        if first == close:
            continue
        second = find_at_depth_0(part, first + 1, close, ",")
        one, two = part[call.end():first].strip(), part[first + 1:second].strip()
        if one and two and one != two:
            yield call.start(), f"{call[0]}{flat(one)}, {flat(two)}) exchanged", replaced(part, call.end(), second, f"{two}, {one}")


def literals(number, suffix):
    value = int(number, 0)
    show = hex if number[:2] in ("0x", "0X") else str
    yield show(value + 1) + suffix
    if value > 0:
        yield show(value - 1) + suffix


def changes(unit, text):
    """(place, kind, change in words, the new text) of a unit."""
    if unit.kind == "statement":
        yield unit.start, "statement", "removed", ""
        return
    part = text[unit.start:unit.end]
    for match in OPERATOR.finditer(part):
        for by in OPERATORS[match[1]]:
            kind = "comparison" if match[1] in COMPARISONS else "operator"
            yield unit.start + match.start(), kind, f"{match[1]} to {by}", replaced(part, match.start(), match.end(), by)
    for match in LITERAL.finditer(part):
        for by in literals(match[1], match[2]):
            yield unit.start + match.start(), "constant", f"{match[0]} to {by}", replaced(part, match.start(), match.end(), by)
    for match in BOOLEAN.finditer(part):
        by = "false" if match[1] == "true" else "true"
        yield unit.start + match.start(), "constant", f"{match[1]} to {by}", replaced(part, match.start(), match.end(), by)
    for place, change, new in swapped_arguments(part):
        yield unit.start + place, "arguments", change, new
    if unit.kind == "condition":
        yield unit.start, "condition", "negated", f"!({part})"


def flat(text):
    return re.sub(r"\s+", " ", text).strip()
