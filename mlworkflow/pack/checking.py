"""Names and values that cannot be, options that do not exist, circles: found before anything is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mlworkflow.clause import PLACEHOLDER
from mlworkflow.condition import Domain, Malformed, Tree, names, parse, settled
from mlworkflow.errors import Problem
from mlworkflow.facts import FACTS, FAMILIES
from mlworkflow.figures import FIGURES
from mlworkflow.pack.forms import misshapen
from mlworkflow.pack.knowledge import EVERY_TOOL, Raw, question_of
from mlworkflow.price import ITEMS
from mlworkflow.quantity import Unreadable, parse_day
from mlworkflow.tool import ATTRIBUTES

# The codes of ISO 4217 that are money; metals, funds and test codes are not.
_CURRENCIES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)


def settle(whole: Raw, problems: list[Problem]) -> None:
    """Parse each condition, read its quantities, and report names and values that cannot be."""
    world = Names(whole)
    for holder, place, scope in world.holders():
        text = holder.get("when", "")
        if text and "tree" not in holder:
            try:
                holder["tree"] = settled(parse(text), world.domain_in(scope))
            except Malformed as error:
                problems.append(Problem(place, f"when = {text!r}: {error}"))
        for sentence in _sentences(holder):
            problems.extend(world.unknown_placeholders(sentence, place, scope))
    problems.extend(world.bad_options())
    problems.extend(world.bad_words())
    problems.extend(world.bad_prices())
    problems.extend(world.twins())
    problems.extend(world.shared_names())
    problems.extend(misshapen(whole["clauses"], {name: one.kind for name, one in world.domains.items()}))


def _sentences(holder: Raw) -> Iterator[str]:
    for key in ("because", "says", "why"):
        if isinstance(holder.get(key), str):
            yield holder[key]
    yield from holder.get("columns", {}).values()


class Names:
    """Every name that a condition may read, with what it can be."""

    def __init__(self, whole: Raw) -> None:
        self.whole = whole
        self.domains: dict[str, Domain] = {name: Domain("tools") for name in ("chosen_tools", "dead_tools")}
        self.domains |= {"listed_prices": Domain("prices"), "said_answers": Domain("lines")}
        self.domains |= {"known_archetypes": Domain("archetypes")}
        for question in whole["questions"]:
            self.domains[question["id"]] = question_of(question).domain
        for name, fact in FACTS.items():
            self.domains[name] = fact.domain
        self.domains["looks_like"] = Domain("choice", tuple(one["id"] for one in whole["archetypes"]))
        for name, figure in FIGURES.items():
            self.domains[name] = Domain(figure.kind)
        for decision in whole["decisions"]:
            self.domains[decision["id"].replace("-", "_")] = self._of_decision(decision)

    def twins(self) -> Iterator[Problem]:
        """Yield a problem for each name that means two things."""
        questions = {question["id"] for question in self.whole["questions"]}
        decisions = {decision["id"].replace("-", "_") for decision in self.whole["decisions"]}
        for one, other in ((questions, FACTS), (questions, FIGURES), (decisions, FACTS), (decisions, questions)):
            for name in sorted(one & set(other)):
                yield Problem(name, "means two things", "give one of them another id")

    def shared_names(self) -> Iterator[Problem]:
        """Yield a problem for each spelling of a pack's tool that leads to another tool."""
        owners: dict[str, str] = {}
        for id, tool in sorted(self.whole["tools"].items(), key=lambda item: bool(item[1].get("pack"))):
            for spelling in dict.fromkeys(one.lower() for one in (id, tool["name"], *tool.get("aliases", ()))):
                owner = owners.setdefault(spelling, id)
                if owner != id and tool.get("pack"):
                    what = f"{spelling!r} is a name of {owner} already"
                    yield Problem(f"tool {_called({**tool, 'id': id})}", what, "leave it out, or choose another name")

    def _of_decision(self, decision: Raw) -> Domain:
        if decision.get("candidates"):
            slot = decision["candidates"]
            return Domain("choice", tuple(id for id, tool in self.whole["tools"].items() if slot in tool["does"]))
        return Domain("choice", tuple(option["id"] for option in decision.get("options", ())))

    def holders(self) -> Iterator[tuple[Raw, str, str]]:
        """Yield what has a condition, its place, and the subject that it may read."""
        for question in self.whole["questions"]:
            yield question, f"question {_called(question)}", f"before:{question['id']}"
        for decision in self.whole["decisions"]:
            place, family = f"decision {decision['id']}", decision.get("for_each", "")
            if decision.get("when"):
                yield decision, place, family
            for row in (*decision.get("rules_out", ()), *decision.get("prefers", ())):
                yield row, f"{place}, row {_called(row)}", f"{family} tool" if decision.get("candidates") else family
        for row in (row for side in EVERY_TOOL for row in self.whole["every_tool"].get(side, ())):
            yield row, f"every-tool, row {_called(row)}", "tool"
        for clause in self.whole["clauses"]:
            yield clause, f"clause {_called(clause)}", clause.get("for_each", "")
        for archetype in self.whole["archetypes"]:
            for point in archetype["points"]:
                yield point, f"archetype {_called(archetype)}, {point['kind']} {_called(point)}", ""
        for id, tool in self.whole["tools"].items():
            for limit in tool.get("limits", ()):
                yield limit, f"tool {id}, limit {limit['id']}", "tool"

    def domain_in(self, scope: str) -> Callable[[str, str | None], Domain]:
        """Return the look-up of names for something that is judged within a scope."""
        families = scope.split()

        def domain_of(name: str, attribute: str | None) -> Domain:
            if name == "tool" and "tool" in families:
                return _attribute(ATTRIBUTES, "tool", attribute)
            for family in families:
                if family in FAMILIES and FAMILIES[family].noun == name:
                    return _attribute(FAMILIES[family].attributes, name, attribute)
            if attribute is not None:
                raise Malformed(f"`{name}.{attribute}` cannot be read here")
            if name not in self.domains:
                raise Malformed(f"there is no `{name}`{meant(name, self.domains)}")
            if scope.startswith("before:"):
                self._asked_before(name, scope.removeprefix("before:"))
            return self.domains[name]

        return domain_of

    def _asked_before(self, name: str, question: str) -> None:
        asked = [one["id"] for one in self.whole["questions"]]
        if name not in asked[: asked.index(question)]:
            raise Malformed(f"`{name}` is no answer that was asked for before, and only those say whether to ask")

    def bad_words(self) -> Iterator[Problem]:
        """Yield a problem for each tag, slot and family that nothing describes."""
        words = self.whole["vocabulary"]
        for id, tool in self.whole["tools"].items():
            for key, group in (("does", "slot"), ("needs", "need"), ("capabilities", "capability")):
                for tag in tool.get(key, ()):
                    if tag not in words.get(group, {}):
                        what = f"the {group} {tag!r} is not in the vocabulary{meant(tag, words.get(group, {}))}"
                        yield Problem(
                            f"tool {_called({**tool, 'id': id})}",
                            what,
                            f"describe it in vocabulary.toml: [{group}.{tag}]",
                        )
        for one in (*self.whole["decisions"], *self.whole["clauses"]):
            family, slot = one.get("for_each"), one.get("candidates")
            if family and family not in FAMILIES:
                yield Problem(f"{_called(one)}", f"there is no `for_each = {family!r}`{meant(family, FAMILIES)}")
            if slot and slot not in words.get("slot", {}):
                yield Problem(f"{_called(one)}", f"there is no slot {slot!r}{meant(slot, words.get('slot', {}))}")
        for question in self.whole["questions"]:
            fact = question.get("settled_by")
            if fact and fact not in self.domains:
                yield Problem(
                    f"question {_called(question)}", f"settled_by: there is no `{fact}`{meant(fact, self.domains)}"
                )

    def bad_prices(self) -> Iterator[Problem]:
        """Yield a problem for each price of something that is not counted, below zero, or of no day or currency."""
        for price in self.whole["prices"]:
            place = f"price {_called(price)}"
            if price["item"] not in ITEMS:
                known = f"it is one of: {', '.join(ITEMS)}"
                yield Problem(place, f"there is no item {price['item']!r}{meant(price['item'], ITEMS)}", known)
            if not 0 <= price["price"] <= 1e12:
                yield Problem(place, f"price = {price['price']} is no amount of money")
            if not (price["currency"].isascii() and price["currency"].isupper() and len(price["currency"]) == 3):
                yield Problem(place, f"currency = {price['currency']!r} is no three-letter code", "write USD or EUR")
            elif price["currency"] not in _CURRENCIES.split():
                what = f"currency = {price['currency']!r} is no money of any country"
                yield Problem(place, what, "write its code of ISO 4217, such as USD or EUR")
            try:
                parse_day(price["on"])
            except Unreadable as error:
                yield Problem(place, f"on = {price['on']!r}: {error.reason}", f"for example {error.example}")

    def unknown_placeholders(self, sentence: str, place: str, scope: str) -> Iterator[Problem]:
        """Yield a problem for each placeholder that names nothing."""
        for found in PLACEHOLDER.findall(sentence):
            name, _, attribute = found.partition(".")
            try:
                self.domain_in(scope)(name, attribute or None)
            except Malformed as error:
                yield Problem(place, f"the sentence {sentence!r}: {error}")

    def bad_options(self) -> Iterator[Problem]:
        """Yield a problem for each row that speaks of an option that does not exist, and for twin ids."""
        for decision in self.whole["decisions"]:
            place = f"decision {decision['id']}"
            if not decision.get("asks") or not decision.get("title"):
                yield Problem(place, "has no `asks` or no `title`")
            known = self.domains[decision["id"].replace("-", "_")].values
            seen: set[str] = set()
            for row in (*decision.get("rules_out", ()), *decision.get("prefers", ())):
                options = row.get("option", [])
                for option in [options] if isinstance(options, str) else options:
                    if option not in known:
                        yield Problem(
                            f"{place}, row {_called(row)}", f"there is no option {option!r}{meant(option, known)}"
                        )
                if row["id"] in seen:
                    yield Problem(place, f"two rows are called {row['id']}")
                seen.add(row["id"])


def _called(piece: Raw) -> str:
    """Return the id as a reason shows it, with the pack that it comes from."""
    return f"{piece['pack']}:{piece['id']}" if piece.get("pack") else str(piece["id"])


def _attribute(known: Mapping[str, Domain], noun: str, attribute: str | None) -> Domain:
    name = attribute or "id"
    if name not in known:
        raise Malformed(f"a {noun} has no `{name}`{meant(name, known)}")
    return known[name]


def meant(name: str, known: Any) -> str:
    """Return the nearest known name as a suggestion, or nothing."""
    import difflib

    close = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean `{close[0]}`?)" if close else ""


def unordered(whole: Raw) -> list[Problem]:
    """Report a circle among facts, figures and decisions."""
    import graphlib

    graph: dict[str, set[str]] = {}
    for name, fact in FACTS.items():
        graph[name] = set(fact.reads)
    for name, figure in FIGURES.items():
        graph[name] = set(figure.reads)
    for decision in whole["decisions"]:
        reads = {name for tree in _trees_of(whole, decision) for name, _ in names(tree)}
        if decision.get("for_each") in FAMILIES:
            reads.add(FAMILIES[decision["for_each"]].fact)
        graph[decision["id"].replace("-", "_")] = reads
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return [Problem("knowledge", "reads in a circle: " + " -> ".join(error.args[1]))]
    return []


def _trees_of(whole: Raw, decision: Raw) -> Iterator[Tree]:
    holders = [decision, *decision.get("rules_out", ()), *decision.get("prefers", ())]
    if decision.get("candidates"):
        holders += [row for side in EVERY_TOOL for row in whole["every_tool"].get(side, ())]
    for holder in holders:
        if holder.get("tree") is not None:
            yield holder["tree"]
