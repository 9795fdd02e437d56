// SPDX-License-Identifier: Apache-2.0
// NvdimmBusBase: what users read, write and map, and what is written behind their backs.
#include <array>

#include "machine/nvdimm_bus_base.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

Answer None() { return Answer::Of(Answer::Kind::kNone); }

// The namespace byte behind the first byte of the user, as the block device reaches it: by the kernel address of the
// mapping, which begins behind the pad.
uint64_t DataByKernelAddress(const PfnView& view) { return view.start_pad + view.dataoff; }
// The same as direct_access reaches it: from the start of the namespace, as if there was no pad. A dax device counts
// from the start of the mapping.
uint64_t DataByPfn(Disposition disposition, const PfnView& view) {
  return disposition == Disposition::kDax ? view.start_pad + view.dataoff : view.dataoff;
}

}  // namespace

Answer NvdimmBusBase::Locate(Handle handle, const NsAccess& access, NdNamespace* ns, uint64_t* offset) {
  *ns = regions_.NamespaceOf(handle);
  const Record* record = FindRecord(handle);
  if (ns->region == nullptr || record == nullptr) return None();
  const NamespaceFacts& facts = record->facts;
  switch (facts.disposition) {
    case Disposition::kRaw:
      if (access.dax) return Answer::Error(kEINVAL);
      *offset = access.offset;
      break;
    case Disposition::kPfn:
      if (access.dax && RefusesDaxMount(facts.pfn)) return Answer::Error(kEINVAL);
      *offset = access.dax ? DataByPfn(facts.disposition, facts.pfn) : DataByKernelAddress(facts.pfn);
      *offset += access.offset;
      break;
    case Disposition::kDax:
      if (!access.dax) return None();
      *offset = DataByPfn(facts.disposition, facts.pfn) + access.offset;
      break;
    default: return None();
  }
  if (access.length == 0 || !LiesIn(access.offset, access.length, facts.capacity)) return Answer::Error(kEINVAL);
  *offset += ns->offset;
  return Answer::Value(0);
}

Answer NvdimmBusBase::NsRead(Handle handle, const NsAccess& access) {
  NdNamespace ns;
  uint64_t offset = 0;
  const Answer located = Locate(handle, access, &ns, &offset);
  if (!located.ok()) return located;
  if (ns.region->request.unreadable) return Answer::Error(kEIO);
  return ns.region->media.Summary(offset, access.length);
}

Answer NvdimmBusBase::NsWrite(Handle handle, const NsAccess& access, uint8_t byte) {
  NdNamespace ns;
  uint64_t offset = 0;
  const Answer located = Locate(handle, access, &ns, &offset);
  if (!located.ok()) return located;
  if (ns.region->request.read_only) return Answer::Error(kEPERM);
  ns.region->media.Fill(offset, access.length, byte);
  return located;
}

Answer NvdimmBusBase::DaxAccess(Handle handle, uint64_t offset) {
  const NdNamespace ns = regions_.NamespaceOf(handle);
  const Record* record = FindRecord(handle);
  if (ns.region == nullptr || record == nullptr) return None();
  const NamespaceFacts& facts = record->facts;
  if (facts.disposition == Disposition::kRaw) return Answer::Error(kEINVAL);
  const bool is_pfn = facts.disposition == Disposition::kPfn;
  if (!is_pfn && facts.disposition != Disposition::kDax) return None();
  if (offset >= facts.capacity) return Answer::Error(kERANGE);
  const Pfn pfn = Pfn::OfByte(ns.range().start + DataByPfn(facts.disposition, facts.pfn) + offset);
  return Answer::Dax(is_pfn && RefusesDaxMount(facts.pfn) ? kEINVAL : 0, pfn);
}

Answer NvdimmBusBase::Corrupt(Handle handle, const Corruption& corruption) {
  const NdNamespace ns = regions_.NamespaceOf(handle);
  if (ns.region == nullptr) return None();
  if (corruption.length == 0 || !LiesIn(corruption.offset, corruption.length, ns.size)) return Answer::Error(kEINVAL);
  if (corruption.sealed && ns.size < kInfoBlockReserve) return Answer::Error(kEINVAL);
  NvdimmMedia& media = ns.region->media;
  std::array<uint8_t, 8> bytes;
  if (corruption.length <= bytes.size()) {
    for (unsigned i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(corruption.value >> 8 * i);
    media.Write(ns.offset + corruption.offset, bytes.data(), corruption.length);
  } else {
    media.Fill(ns.offset + corruption.offset, corruption.length, static_cast<uint8_t>(corruption.value));
  }
  InfoBlock block;
  if (corruption.sealed && media.Read(ns.offset + kInfoBlockOffset, block.bytes().data(), block.bytes().size())) {
    block.Seal();
    ns.WriteBlock(block);
  }
  return Answer::Value(0);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
