// SPDX-License-Identifier: Apache-2.0
// Explain: steps, findings and unmet expectations as text.
#include "oracle/explain.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oracle/compare.h"
#include "oracle/invariants.h"
#include "oracle/nvdimm_rules.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

// Only what was written counts: the payload when the expectation has one; of a machine that stops, that it stops so.
bool Meets(const Expectation& expectation, const Answer& answer) {
  if (expectation.answer.stops()) return answer.kind == expectation.answer.kind;
  if (expectation.payload) return answer == expectation.answer;
  return answer.kind == expectation.answer.kind && answer.value == expectation.answer.value &&
         answer.warnings == expectation.answer.warnings && answer.page == expectation.answer.page;
}

const Expectation* ExpectationFor(const std::vector<Expectation>& expectations, const Party& party) {
  const Expectation* general = nullptr;
  for (const Expectation& expectation : expectations) {
    if (expectation.who == party.name) return &expectation;
    if (expectation.who == GenerationName(party.generation)) general = &expectation;
  }
  return general;
}

std::string Describe(const SectionFacts& s) {
  static constexpr absl::string_view kBlocks[] = {"no block", "block offline", "block online"};
  static constexpr absl::string_view kMemmaps[] = {"no memmap", "memmap in one large page", "memmap in base pages",
                                                   "part of a memmap"};
  return absl::StrCat(s.present ? "present " : "", s.valid ? "valid " : "", s.online ? "online " : "",
                      s.early ? "early " : "", s.tainted ? "tainted " : "", s.kept_usage ? "kept-usage " : "",
                      "bitmap ", absl::Hex(s.bitmap), ", ", kBlocks[static_cast<unsigned>(s.block)], ", ",
                      kMemmaps[static_cast<unsigned>(s.memmap)], " (", s.memmap_pages, " pages), direct map ",
                      absl::Hex(s.direct_map));
}

std::string Describe(const PfnFacts& f) {
  const std::string page = f.backed ? PrintAnswer(Answer::Page(f.page)) : "no memory behind it";
  const std::string map = f.map == kNoHandle ? "no mapping" : absl::StrCat("mapping ", f.map);
  return absl::StrCat("pfn_valid ", f.valid, ", online page ", f.online, ", ", map, ", struct page: ", page);
}

std::string Describe(const Span& s) {
  return absl::StrCat(absl::Hex(s.start.value()), "-", absl::Hex(s.end.value()), "/", absl::Hex(s.present));
}

std::string DescribeSpans(const HotplugLayer& layer) {
  std::string text;
  for (unsigned nid = 0; nid < kMaxNodes; ++nid) {
    const NodeSpans& node = layer.Node(static_cast<Nid>(nid));
    if (node == NodeSpans{}) continue;
    absl::StrAppend(&text, "node ", nid, " ", Describe(node.node), ":");
    for (unsigned zone = 0; zone < kZones; ++zone) {
      if (node.zone[zone] == Span{}) continue;
      absl::StrAppend(&text, " ", Absl(ZoneName(static_cast<Zone>(zone))), " ", Describe(node.zone[zone]));
    }
    text += "; ";
  }
  return text;
}

// A tree may be long and deep: of more rows than these only the ends are of use to a reader.
constexpr size_t kShownRows = 24;

// Each row with its depth before '>'.
std::string DescribeResources(const HotplugLayer& layer) {
  std::vector<ResourceRow> rows(layer.Resources(nullptr, 0));
  layer.Resources(rows.data(), rows.size());
  std::string text;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i == kShownRows / 2 && rows.size() > kShownRows) {
      const size_t hidden = rows.size() - kShownRows;
      absl::StrAppend(&text, "(", hidden, " more); ");
      i += hidden;
    }
    const ResourceRow& row = rows[i];
    if (row.depth != 0) absl::StrAppend(&text, row.depth, ">");
    absl::StrAppend(&text, absl::Hex(row.range.start), "+", absl::Hex(row.range.size), row.ram ? " ram" : "",
                    row.busy ? "" : " idle", "; ");
  }
  return text;
}

std::string Describe(const NamespaceFacts& f) {
  static constexpr absl::string_view kDispositions[] = {"absent", "idle",       "raw",       "pfn",
                                                        "dax",    "pfn-failed", "dax-failed"};
  const PfnView& v = f.pfn;
  return absl::StrCat(kDispositions[static_cast<unsigned>(f.disposition)], ", validate ", v.validate, ", setup ",
                      v.setup, ", attach ", f.attach, v.wrote ? ", block written" : "", ", capacity ",
                      absl::Hex(f.capacity), ", start_pad ", absl::Hex(v.start_pad), ", end_trunc ",
                      absl::Hex(v.end_trunc), ", dataoff ", absl::Hex(v.dataoff), ", npfns ", absl::Hex(v.npfns),
                      ", mode ", static_cast<unsigned>(v.mode), ", align ", absl::Hex(v.align), ", maps ",
                      absl::Hex(v.mapped.start), "+", absl::Hex(v.mapped.size), ", altmap ", absl::Hex(v.altmap_base),
                      "/", absl::Hex(v.altmap_reserve), "/", absl::Hex(v.altmap_free));
}

std::string DescribeMedia(HotplugLayer& layer) {
  MediaImage image;
  layer.Nvdimm().Image(&image);
  std::string text = absl::StrCat(image.regions.size(), " regions, ", image.labels.size(), " labels, media:");
  for (const MediaImage::Run& run : image.runs) {
    absl::StrAppend(&text, " ", run.region, ":", absl::Hex(run.first_page), "+", absl::Hex(run.pages), "=");
    if (run.fill == MediaImage::kUnspecified) {
      text += "unspecified";
    } else if (run.fill != MediaImage::kLiteral) {
      absl::StrAppend(&text, absl::Hex(run.fill, absl::kZeroPad2));
    } else {
      for (unsigned word = 0; word < kPageSize / 8; ++word) {
        uint64_t value = 0;
        for (unsigned i = 8; i-- > 0;) value = value << 8 | image.pages[run.literal][word * 8 + i];
        if (value != 0) absl::StrAppend(&text, "[", absl::Hex(word * 8), "]", absl::Hex(value), ",");
      }
    }
  }
  return text;
}

// The fact that a finding is about, as `layer` has it now.
std::string DescribeFact(const Finding& finding, HotplugLayer& layer) {
  switch (finding.check) {
    case Check::kAnswer: return {};
    case Check::kSectionFlags:
    case Check::kBitmap:
    case Check::kBlock:
    case Check::kDirectMap: return Describe(layer.Section(SectionNr::Of(finding.pfn)));
    case Check::kMemmap:
      return absl::StrCat(Describe(layer.Section(SectionNr::Of(finding.pfn))), "; ",
                          Describe(layer.Facts(finding.pfn)));
    case Check::kPfnValid:
    case Check::kOnlinePage:
    case Check::kLookup:
    case Check::kStructPage: return Describe(layer.Facts(finding.pfn));
    case Check::kSpans: return DescribeSpans(layer);
    case Check::kResources: return DescribeResources(layer);
    case Check::kUsemapBalance: return absl::StrCat("usage maps ", layer.UsemapBalance());
    case Check::kNamespace: return Describe(layer.Nvdimm().Namespace(finding.ns));
    case Check::kMedia: return DescribeMedia(layer);
    case Check::kFailedRequests: return absl::StrCat("sites where requests failed, bits ", layer.FailedSites());
  }
  __builtin_unreachable();
}

// Of a side of a pair.
absl::string_view Label(const Lockstep& lockstep, Side side) {
  return Absl(lockstep.pair() == PairKind::kLegacyMainline ? SideName(side) : lockstep.party(side).name);
}

std::string SideBySide(const Finding& finding, absl::string_view left_name, HotplugLayer& left,
                       absl::string_view right_name, HotplugLayer& right) {
  if (finding.check == Check::kAnswer) return {};
  return absl::StrFormat("\n         %-13s %s\n         %-13s %s", left_name, DescribeFact(finding, left), right_name,
                         DescribeFact(finding, right));
}

}  // namespace

std::vector<Disappointment> UnmetExpectations(const Trace& trace, const StepLog& log, Side side, const Party& party) {
  std::vector<Disappointment> unmet;
  for (size_t i = 0; i < trace.expectations.size(); ++i) {
    const Expectation* expectation = ExpectationFor(trace.expectations[i], party);
    if (expectation == nullptr) continue;
    const unsigned which = static_cast<unsigned>(side);
    // A machine that has stopped answers nothing, and after both have the run goes straight to its end.
    const bool answered = i < log.size() && !log.step(i).teardown && log.step(i).applied[which];
    if (!answered || !Meets(*expectation, log.step(i).answer[which])) {
      unmet.push_back({.step = i, .side = side, .expected = expectation->answer, .generation = party.generation});
    }
  }
  return unmet;
}

std::string ExplainStep(const Trace& trace, const StepLog& log, size_t i, const Lockstep& lockstep) {
  const Step& step = log.step(i);
  const HandleNames names = NamesOf(trace);
  std::string text =
      absl::StrFormat("%4s  %s\n", step.teardown ? "end" : absl::StrCat(i + 1), PrintOp(log.op(i), names));
  for (Side side : {Side::kLegacy, Side::kSubsection}) {
    const unsigned which = static_cast<unsigned>(side);
    if (!step.applied[which]) {
      if (!step.teardown) absl::StrAppendFormat(&text, "        %-13s stopped\n", Absl(lockstep.party(side).name));
      continue;
    }
    absl::StrAppendFormat(&text, "        %-13s %s\n", Absl(lockstep.party(side).name),
                          PrintAnswer(step.answer[which], names));
    if (!SameAnswerAsReference(step.answer[which], step.expected[which])) {
      absl::StrAppendFormat(&text, "          expected:   %s\n", PrintAnswer(step.expected[which], names));
    }
  }
  if (step.clause != kNoClause) {
    const Clause& clause = Clauses()[step.clause];
    absl::StrAppendFormat(&text, "        clause        %s (%s): %s\n", Absl(clause.id),
                          Absl(RelationName(clause.relation)), Absl(clause.because));
  }
  return text;
}

std::string ExplainFinding(const Finding& finding, const Lockstep& lockstep) {
  const std::string where = absl::StrCat(" (at page ", absl::Hex(finding.pfn.value()), ")");
  const Party& party = lockstep.party(finding.side);
  const absl::string_view check = Absl(CheckName(finding.check));
  switch (finding.kind) {
    case Finding::Kind::kNothing: return {};
    case Finding::Kind::kReference:
      return absl::StrCat(Absl(party.name), " and its reference differ in: ", check, where,
                          SideBySide(finding, Absl(party.name), *party.layer, "reference", *party.reference));
    case Finding::Kind::kPair:
      return absl::StrCat("the two generations differ and no clause allows it, in: ", check, where,
                          SideBySide(finding, Label(lockstep, Side::kLegacy), *lockstep.party(Side::kLegacy).layer,
                                     Label(lockstep, Side::kSubsection), *lockstep.party(Side::kSubsection).layer));
    case Finding::Kind::kClause:
      if (finding.switched_off) {
        return absl::StrCat("a known difference, of a clause that is switched off: ",
                            Absl(Clauses()[finding.clause].id), " (", Absl(Clauses()[finding.clause].when), ")", where);
      }
      return absl::StrCat("the answers are not what this clause foretells: ", Absl(Clauses()[finding.clause].id), " (",
                          Absl(Clauses()[finding.clause].when), ")");
    case Finding::Kind::kInvariant:
      return absl::StrCat("invariant broken in ", Absl(party.name), ": ", Absl(Invariants()[finding.invariant].says),
                          where, "\n         ", DescribeFact(finding, *party.layer), "\n         ",
                          Describe(party.layer->Facts(finding.pfn)));
    case Finding::Kind::kRule:
      return absl::StrCat("rule broken in ", Absl(party.name), ": ",
                          Absl(NvdimmRules()[static_cast<unsigned>(finding.rule)].says), "\n         ",
                          DescribeFact(finding, *party.layer));
    case Finding::Kind::kExpectation: return absl::StrCat(Absl(party.name), " does not answer what the trace expects");
  }
  __builtin_unreachable();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
