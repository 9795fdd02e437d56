// SPDX-License-Identifier: Apache-2.0
// Recorded answers about namespaces, the request: "id=.. op=.. key=value ..." up to the first "|".
#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "trace/map_builder.h"
#include "trace/recorded_nvdimm_parts.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// How the media were prepared.
enum class Media : uint8_t { kZero, kFill, kBlock, kBadSig, kBadCsum, kOtherParent, kOtherUuid, kDaxSig, kBtt };

// What is read before a case can be made of it.
struct Raw {
  RecordedNvdimmCase* out = nullptr;
  Media media = Media::kZero;
  uint8_t fill = 0;
  bool has_pfn_settings = false;
  InfoBlockFields fields;
  uint8_t padfill = 0;
  bool has_checksum = false;
  bool bad_checksum = false;
};

// In which requests a key stands, and when it must.
enum class Need : uint8_t { kAlways, kMay, kWithBlock };

constexpr unsigned Bit(NvdimmOp op) { return 1U << static_cast<unsigned>(op); }
constexpr unsigned kC = Bit(NvdimmOp::kCreate);
constexpr unsigned kV = Bit(NvdimmOp::kValidate);
constexpr unsigned kP = Bit(NvdimmOp::kProbe);

struct Key {
  absl::string_view name;
  unsigned ops;
  Need need;
  void (*read)(RecordedReader& reader, Raw& raw);
};

template <typename T>
void Number(RecordedReader& reader, T& field) {
  field = static_cast<T>(ReadHexUpTo(reader, static_cast<T>(~T{0})));
}

void ReadSignature(RecordedReader& reader, Raw& raw) {
  // Up to the next key: the sixteenth character may be a blank.
  const absl::string_view rest = reader.Rest();
  size_t length = 0;
  while (length < rest.size() && length < raw.fields.signature.size() &&
         (rest[length] != ' ' || length + 1 == rest.size() || rest[length + 1] == ' ')) {
    ++length;
  }
  if (length == 0) reader.Fail("a signature");
  const absl::string_view signature = rest.substr(0, length);
  reader.Accept(signature);
  raw.fields.signature = Signature({signature.data(), signature.size()});
}

struct MediaName {
  absl::string_view name;
  Media media;
  unsigned ops;
};
constexpr MediaName kMedia[] = {
    {"zero", Media::kZero, kC | kV},          {"block", Media::kBlock, kV},
    {"badsig", Media::kBadSig, kC},           {"badcsum", Media::kBadCsum, kC},
    {"otherparent", Media::kOtherParent, kC}, {"otheruuid", Media::kOtherUuid, kC},
    {"daxsig", Media::kDaxSig, kC},           {"btt", Media::kBtt, kC},
};

void ReadMedia(RecordedReader& reader, Raw& raw) {
  if (reader.Accept("fill:")) {
    raw.media = Media::kFill;
    raw.fill = ReadHexByte(reader);
    return;
  }
  const size_t begin = reader.position();
  const absl::string_view word = reader.Word("", "a kind of media");
  for (const MediaName& row : kMedia) {
    if (row.name != word || (row.ops & Bit(raw.out->op)) == 0) continue;
    raw.media = row.media;
    return;
  }
  reader.FailAt(begin, "a kind of media");
}

void ReadRam(RecordedReader& reader, Raw& raw) {
  const size_t begin = reader.position();
  for (const PhysRange range : ReadRanges(reader)) {
    if (!reader.ok()) return;
    const MapError error = InsertRange({.kind = FirmwareKind::kRam, .nid = 0, .range = range}, &raw.out->map);
    const std::string_view expected = MapErrorText(error);
    if (error != MapError::kNone) reader.FailAt(begin, {expected.data(), expected.size()});
  }
}

void ReadBlockName(RecordedReader& reader, Raw& raw) {
  raw.out->block_column = static_cast<int>(reader.position()) + 1;
  raw.out->block_file = ReadName(reader, "@", "a file name");
  reader.Expect("@");
  raw.out->block_record = ReadName(reader, "", "the name of a block");
}

void ReadSettingsMode(RecordedReader& reader, Raw& raw) { raw.out->settings.mode = ReadMode(reader); }
void ReadSettingsAlign(RecordedReader& reader, Raw& raw) { raw.out->settings.align = reader.Hex(); }
void ReadWant(RecordedReader& reader, Raw& raw) { raw.out->settings.personality = ReadPersonality(reader); }
void ReadBlockUuid(RecordedReader& reader, Raw& raw) { raw.fields.uuid = ReadUuid(reader, kRecordedUuid); }
// Probed were DIMMs without labels, whose own uuid is of zeroes: there it is a field of the block.
void ReadParent(RecordedReader& reader, Raw& raw) {
  const Uuid parent = ReadUuid(reader, kRecordedParent);
  (raw.out->op == NvdimmOp::kProbe ? raw.fields.parent : raw.out->parent) = parent;
}

constexpr Key kKeys[] = {
    {"start", kC | kV | kP, Need::kAlways, [](RecordedReader& r, Raw& raw) { raw.out->range.start = r.Hex(); }},
    {"size", kC | kV | kP, Need::kAlways, [](RecordedReader& r, Raw& raw) { raw.out->range.size = r.Hex(); }},
    {"sig", kC, Need::kAlways, ReadWant},
    {"align", kC, Need::kAlways, ReadSettingsAlign},
    {"mode", kC, Need::kAlways, ReadSettingsMode},
    {"ro", kC | kV, Need::kAlways, [](RecordedReader& r, Raw& raw) { raw.out->region.read_only = ReadFlag(r); }},
    {"self", kC, Need::kAlways, [](RecordedReader& r, Raw& raw) { raw.out->region.hidden = !ReadFlag(r); }},
    {"ram", kC, Need::kAlways, ReadRam},
    {"dev", kC, Need::kAlways, [](RecordedReader& r, Raw& raw) { raw.out->others = ReadRanges(r); }},
    {"region", kC, Need::kAlways, [](RecordedReader& r, Raw& raw) { raw.out->regions = ReadRanges(r); }},
    {"media", kC | kV, Need::kAlways, ReadMedia},
    {"uuid", kC, Need::kMay, [](RecordedReader& r, Raw& raw) { raw.out->settings.uuid = ReadUuid(r, kRecordedUuid); }},
    {"parent", kC | kV | kP, Need::kMay, ReadParent},

    {"want", kV, Need::kAlways, ReadWant},
    {"live_align", kV, Need::kAlways, ReadSettingsAlign},
    {"live_mode", kV, Need::kAlways, ReadSettingsMode},
    {"uuidset", kV, Need::kAlways, [](RecordedReader& r, Raw& raw) { raw.out->settings.has_uuid = ReadFlag(r); }},
    {"readerr", kV, Need::kAlways, [](RecordedReader& r, Raw& raw) { raw.out->region.unreadable = ReadFlag(r); }},
    {"memregion", kV, Need::kAlways, [](RecordedReader& r, Raw& raw) { raw.out->region.blk = !ReadFlag(r); }},

    {"block", kP, Need::kMay, ReadBlockName},
    {"sig", kV | kP, Need::kWithBlock, ReadSignature},
    {"uuid", kV, Need::kWithBlock, ReadBlockUuid},
    {"uuid", kP, Need::kMay, ReadBlockUuid},
    {"puuid", kV, Need::kWithBlock,
     [](RecordedReader& r, Raw& raw) { raw.fields.parent = ReadUuid(r, kRecordedParent); }},
    {"flags", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { Number(r, raw.fields.flags); }},
    {"major", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { Number(r, raw.fields.major); }},
    {"minor", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { Number(r, raw.fields.minor); }},
    {"dataoff", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { Number(r, raw.fields.dataoff); }},
    {"npfns", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { Number(r, raw.fields.npfns); }},
    {"mode", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { Number(r, raw.fields.mode); }},
    {"start_pad", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { Number(r, raw.fields.start_pad); }},
    {"end_trunc", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { Number(r, raw.fields.end_trunc); }},
    {"align", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { Number(r, raw.fields.align); }},
    {"page_size", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { Number(r, raw.fields.page_size); }},
    {"psz", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { Number(r, raw.fields.page_struct_size); }},
    {"padfill", kV | kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { raw.padfill = ReadHexByte(r); }},
    {"csum", kV, Need::kWithBlock,
     [](RecordedReader& r, Raw& raw) {
       Number(r, raw.fields.checksum);
       raw.has_checksum = true;
     }},
    {"csumbad", kP, Need::kWithBlock, [](RecordedReader& r, Raw& raw) { raw.bad_checksum = ReadFlag(r); }},
};
constexpr unsigned kKeyCount = sizeof(kKeys) / sizeof(kKeys[0]);
static_assert(kKeyCount <= 64);

// Decimal offsets of the head of the file.
constexpr size_t kPadfillFrom = 96;
constexpr size_t kPadfillTo = 4088;
constexpr size_t kJunkFrom = 100;
constexpr size_t kJunkTo = 4000;
constexpr uint8_t kJunk = 0x5a;
constexpr uint64_t kDamage = 1;  // the bit of a checksum that is wrong

// The block that media of `op=create` held, sealed and then damaged.
InfoBlock JunkBlock(const RecordedNvdimmCase& request, Media media) {
  const bool dax = request.settings.personality == Personality::kDax;
  InfoBlockFields fields;
  fields.signature = dax ? kDaxSignature : kPfnSignature;
  fields.uuid = request.settings.uuid;
  fields.parent = request.parent;
  fields.flags = 0xdeadbeef;
  fields.minor = 4;
  fields.dataoff = 0x400000;
  fields.npfns = 0x100;
  fields.mode = static_cast<uint32_t>(request.settings.mode);
  fields.start_pad = 0x1234;
  fields.end_trunc = 0x5678;
  fields.align = static_cast<uint32_t>(request.settings.align);
  fields.page_size = kPageSize;
  fields.page_struct_size = kStructPageSize;
  InfoBlock block{};
  std::fill(block.begin() + kJunkFrom, block.begin() + kJunkTo, kJunk);
  SetFields(fields, block);
  Seal(block);
  fields = FieldsOf(block);
  switch (media) {
    case Media::kBadSig: fields.signature = Signature("NVDIMM_XXX_INFO"); break;
    case Media::kBadCsum: fields.checksum ^= kDamage; break;
    case Media::kOtherParent: fields.parent = {}; break;
    case Media::kOtherUuid: fields.uuid = {}; break;
    case Media::kDaxSig: fields.signature = kDaxSignature; break;
    case Media::kBtt: fields.signature = Signature("BTT_ARENA_INFO"); break;
    case Media::kZero:
    case Media::kFill:
    case Media::kBlock: break;
  }
  SetFields(fields, block);
  return block;
}

InfoBlock FieldBlock(const Raw& raw) {
  InfoBlock block{};
  std::fill(block.begin() + kPadfillFrom, block.begin() + kPadfillTo, raw.padfill);
  SetFields(raw.fields, block);
  if (raw.has_checksum) return block;
  Seal(block);
  InfoBlockFields sealed = FieldsOf(block);
  if (raw.bad_checksum) sealed.checksum ^= kDamage;
  SetFields(sealed, block);
  return block;
}

// Defaults that are not zero.
void SetDefaults(Raw& raw) {
  RecordedNvdimmCase& out = *raw.out;
  if (out.op != NvdimmOp::kProbe) out.parent = kRecordedParent;
  out.settings.uuid = kRecordedUuid;
  out.settings.has_uuid = out.op == NvdimmOp::kCreate;
  if (out.op == NvdimmOp::kProbe) raw.media = Media::kBlock;
  raw.fields.uuid = kRecordedUuid;
}

void PrepareMedia(Raw& raw) {
  RecordedNvdimmCase& out = *raw.out;
  switch (raw.media) {
    case Media::kZero: return;
    case Media::kFill: out.block.fill(raw.fill); return;
    case Media::kBlock:
      if (out.block_file.empty()) out.block = FieldBlock(raw);
      return;
    default: out.block = JunkBlock(out, raw.media); return;
  }
}

bool Missing(const Key& key, const Raw& raw) {
  switch (key.need) {
    case Need::kAlways: return true;
    case Need::kMay: return false;
    case Need::kWithBlock: return raw.media == Media::kBlock && raw.out->block_file.empty();
  }
  return false;
}

void ReadKey(RecordedReader& reader, Raw& raw, uint64_t& seen) {
  reader.SkipBlanks();
  const size_t begin = reader.position();
  const absl::string_view name = reader.Word("=", "a key");
  for (unsigned i = 0; i < kKeyCount; ++i) {
    const Key& key = kKeys[i];
    if (key.name != name || (key.ops & Bit(raw.out->op)) == 0) continue;
    if ((seen >> i & 1) != 0) reader.FailAt(begin, "a key that was not given before");
    seen |= uint64_t{1} << i;
    reader.Expect("=");
    key.read(reader, raw);
    if (reader.ok() && !reader.Rest().empty() && reader.Rest()[0] != ' ') reader.Fail("a blank");
    return;
  }
  reader.FailAt(begin, "a key of this request");
}

}  // namespace

void ReadNvdimmRequest(RecordedReader& reader, RecordedNvdimmCase& out) {
  reader.Expect("id=");
  out.id = ReadName(reader, "", "the name of a case");
  reader.ExpectNext("op=");
  const size_t begin = reader.position();
  const absl::string_view word = reader.Word("", "create, validate or probe");
  if (!reader.ok()) return;
  for (NvdimmOp op : {NvdimmOp::kCreate, NvdimmOp::kValidate, NvdimmOp::kProbe}) {
    out.op = op;
    if (NvdimmOpName(op) == std::string_view(word.data(), word.size())) break;
    if (op == NvdimmOp::kProbe) reader.FailAt(begin, "create, validate or probe");
  }
  Raw raw;
  raw.out = &out;
  SetDefaults(raw);
  uint64_t seen = 0;
  while (reader.ok() && !reader.AtEnd() && !reader.Sees("|")) ReadKey(reader, raw, seen);
  for (unsigned i = 0; i < kKeyCount && reader.ok(); ++i) {
    const bool here = (kKeys[i].ops & Bit(out.op)) != 0 && (seen >> i & 1) == 0;
    if (here && Missing(kKeys[i], raw)) reader.Fail(absl::StrCat(kKeys[i].name, "="));
  }
  if (reader.ok()) PrepareMedia(raw);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
