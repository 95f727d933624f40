// An entry costs what its texts cost: nothing is read out of them before somebody asks, and the
// memory of an entry that falls out is used again.
#include "fakeapi/wire/request_log.hpp"

#include <utility>

namespace fakeapi::wire {
namespace {

// Every event is one object with one metadata.resourceVersion; Tables and lists have their own
// first.
std::string version_in(std::string_view piece) {
  constexpr std::string_view key = R"("resourceVersion":")";
  const std::size_t at = piece.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = piece.substr(at + key.size());
  const std::size_t end = rest.find('"');
  return std::string(end == std::string_view::npos ? "" : rest.substr(0, end));  // cut by a fault
}

}  // namespace

const cluster::Attributes& RequestEntry::attributes() const {
  if (!attributes_) {
    attributes_ = std::make_shared<const cluster::Attributes>(
        cluster::attributes_of(method, cluster::parse_uri(target)));
  }
  return *attributes_;
}

std::string RequestEntry::resource_version() const {
  if (!is_stream) return {};
  if (note_ != nullptr && note_->last_piece_) return version_in(*note_->last_piece_);
  if (!last_version_.empty()) return last_version_;
  return std::string(cluster::parse_uri(target).parameter("resourceVersion"));
}

StreamNote::StreamNote(RequestLog& log, std::shared_ptr<RequestEntry> entry)
    : log_(log), entry_(std::move(entry)) {
  entry_->note_ = this;
}

StreamNote::~StreamNote() {
  entry_->open = false;
  entry_->last_version_ = entry_->resource_version();
  entry_->note_ = nullptr;
  log_.open_.erase(entry_->seq);
  if (log_.ended_) log_.ended_(entry_->seq, finished_);
  log_.changed();
}

void StreamNote::delivered(const cluster::Bytes& piece) {
  last_piece_ = piece;
  log_.changed();
}

std::unique_ptr<StreamNote> RequestLog::add(cluster::Instant now, const Caller& caller,
                                            std::string_view method, std::string_view target,
                                            int status, std::string_view fault, bool is_stream) {
  const std::size_t slot = static_cast<std::size_t>(count_ % entries_max);
  if (slot >= ring_.size()) ring_.push_back(nullptr);
  std::shared_ptr<RequestEntry>& place = ring_[slot];
  // A stream that is open keeps its own.
  if (!place || place.use_count() > 1) place = std::make_shared<RequestEntry>();
  RequestEntry& entry = *place;
  entry.seq = ++count_;
  entry.at = now;
  entry.connection = caller.connection;
  entry.user_agent.assign(caller.user_agent.substr(0, user_agent_bytes_max));
  entry.method.assign(method);
  entry.target.assign(target.substr(0, target_bytes_max));
  entry.status = status;
  entry.fault.assign(fault);
  entry.is_stream = entry.open = is_stream;
  entry.last_version_.clear();
  entry.attributes_.reset();
  std::unique_ptr<StreamNote> note;
  if (is_stream) {
    open_.emplace(entry.seq, place);
    note = std::make_unique<StreamNote>(*this, place);
  }
  changed();
  return note;
}

void RequestLog::visit(const std::function<void(const RequestEntry&)>& visitor) const {
  const std::uint64_t first = count_ - ring_.size() + 1;
  for (const auto& [seq, entry] : open_) {
    if (seq >= first) break;
    visitor(*entry);
  }
  for (std::uint64_t seq = first; seq <= count_; ++seq) {
    visitor(*ring_[static_cast<std::size_t>((seq - 1) % entries_max)]);
  }
}

void RequestLog::changed() {
  for (const auto& waiter : waiters_) waiter();
}

}  // namespace fakeapi::wire
