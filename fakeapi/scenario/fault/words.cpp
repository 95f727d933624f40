#include "fakeapi/scenario/fault/words.hpp"

#include <fmt/format.h>

#include "fakeapi/scenario/fault/scalars.hpp"

namespace fakeapi::fault {

using F = Faithfulness;

const Words<AnswerForm>& answer_forms() {
  static const Words<AnswerForm> words{
      {"status", AnswerForm::status, F::real,
       "a Status in JSON with the reason and the message of that code; 410 is Expired as a list "
       "gets it"},
      {"overload", AnswerForm::overload, F::real,
       "429 in plain text, `Retry-After: 1`: too many requests in flight"},
      {"shutting-down", AnswerForm::shutting_down, F::real,
       "429 in plain text, `Retry-After: 5`, `Connection: close`"},
      {"text", AnswerForm::text, F::network,
       "any code in plain text, as a proxy or a load balancer in front answers"},
  };
  return words;
}

const Words<NoAnswer>& no_answers() {
  static const Words<NoAnswer> words{
      {"silence", NoAnswer::silence, F::real_over_http1,
       "the request is taken and nothing ever comes back"},
      {"close", NoAnswer::close, F::network, "the connection is closed instead of an answer"},
      {"reset", NoAnswer::reset, F::network, "the connection is reset (RST) instead of an answer"},
  };
  return words;
}

const Words<BodyEffect>& body_effects() {
  static const Words<BodyEffect> words{
      {"cut", BodyEffect::cut, F::network, "head and part of the body, then the connection closes"},
      {"reset", BodyEffect::reset, F::network, "head and part of the body, then RST"},
      {"stall", BodyEffect::stall, F::real_over_http1,
       "head and part of the body, then nothing more on an open connection"},
      {"shorten", BodyEffect::shorten, F::hostile,
       "part of the body, and the head says that it is all: whole to HTTP, half to JSON"},
  };
  return words;
}

const Words<StreamEffect>& stream_effects() {
  static const Words<StreamEffect> words{
      {"close", StreamEffect::close, F::real,
       "the stream ends in order with the last chunk, as at `timeoutSeconds`"},
      {"cut", StreamEffect::cut, F::real,
       "the connection closes without the last chunk, as when a slow reader is thrown out"},
      {"reset", StreamEffect::reset, F::network, "the connection is reset (RST)"},
      {"stall", StreamEffect::stall, F::real_over_http1,
       "no byte comes any more, bookmarks and the end neither; the connection stays open"},
      {"cut-event", StreamEffect::cut_event, F::network,
       "part of an event in a whole chunk, then the connection closes"},
      {"cut-chunk", StreamEffect::cut_chunk, F::network,
       "part of the chunk that its size announced, then the connection closes"},
      {"cut-character", StreamEffect::cut_character, F::network,
       "an event up to inside of a UTF-8 character, in a whole chunk, then the connection closes"},
      {"error-410", StreamEffect::error_410, F::real,
       "an ERROR event, Expired: history was compacted under the watch; then the end"},
      {"error-429", StreamEffect::error_429, F::real,
       "an ERROR event, TooManyRequests: the watch cache starts anew; then the end"},
      {"error-500", StreamEffect::error_500, F::real,
       "an ERROR event, InternalError: etcd has no leader; then the end"},
      {"duplicate", StreamEffect::duplicate, F::hostile, "one event comes twice"},
      {"reorder", StreamEffect::reorder, F::hostile, "one event comes after the one behind it"},
      {"drop", StreamEffect::drop, F::hostile, "one event never comes"},
  };
  return words;
}

const Words<ConnectFault>& connect_faults() {
  static const Words<ConnectFault> words{
      {"refuse", ConnectFault::refuse, F::network, "nothing listens; what is open stays open"},
      {"silence", ConnectFault::silence, F::network,
       "accepted, and not even the handshake is answered"},
      {"reset", ConnectFault::reset, F::network, "accepted and reset (RST) at once"},
      {"cut-handshake", ConnectFault::cut_handshake, F::network,
       "closed when the client has begun its handshake"},
      {"expired", ConnectFault::expired, F::real, "a server certificate that has expired"},
      {"wrong-ca", ConnectFault::wrong_ca, F::real,
       "a server certificate of an authority that the client does not know"},
      {"wrong-host", ConnectFault::wrong_host, F::real,
       "a server certificate for another name and address"},
  };
  return words;
}

const scenario::Choices& verbs() {
  static const scenario::Choices table{
      {"get", "one object"},
      {"list", "all objects of a kind"},
      {"watch", "changes of a kind, as a stream"},
      {"create", "POST"},
      {"update", "PUT"},
      {"patch", "PATCH, and apply"},
      {"delete", "DELETE of one object"},
      {"deletecollection", "DELETE of all objects of a kind"},
  };
  return table;
}

std::string_view to_string(Faithfulness faithfulness) {
  switch (faithfulness) {
    case F::real:
      return "real";
    case F::real_over_http1:
      return "real over HTTP/1.1";
    case F::network:
      return "network";
    case F::hostile:
      break;
  }
  return "hostile";
}

namespace {

template <class Value>
void append(std::vector<ActionRow>& rows, std::string_view key, const Words<Value>& words) {
  for (const Word<Value>& row : words) rows.push_back({key, row.word, row.faithful, row.doc});
}

}  // namespace

std::string in_words(const Action& action) {
  std::vector<std::string> words;
  if (action.latency) words.push_back("latency " + scenario::to_text(*action.latency));
  if (action.bandwidth_bytes_per_second > 0)
    words.push_back(fmt::format("bandwidth {}/s", size_text(action.bandwidth_bytes_per_second)));
  if (action.respond) words.push_back(fmt::format("status {}", action.respond->status));
  if (action.no_answer)
    words.push_back(fmt::format("answer {}", row_of(no_answers(), *action.no_answer).word));
  if (action.body)
    words.push_back(fmt::format("body {}", row_of(body_effects(), action.body->then).word));
  if (action.stream)
    words.push_back(fmt::format("stream {}", row_of(stream_effects(), action.stream->then).word));
  if (action.replica) {
    words.push_back("replica " + (action.replica->held ? std::string("held")
                                                       : scenario::to_text(action.replica->lag)));
  }
  if (action.connect != ConnectFault::none)
    words.push_back(fmt::format("connect {}", row_of(connect_faults(), action.connect).word));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<ActionRow> action_rows() {
  std::vector<ActionRow> rows = {
      {"latency", "50ms", latency_faithfulness,
       "before the head; also `uniform(20ms, 80ms)`, `50ms ± 30ms`, `lognormal(80ms, 0.4)` "
       "(median, sigma)"},
      {"bandwidth", "4KiB/s", bandwidth_faithfulness, "the body comes no faster"},
  };
  append(rows, "respond", answer_forms());
  append(rows, "answer", no_answers());
  append(rows, "body", body_effects());
  append(rows, "stream", stream_effects());
  rows.push_back({"replica", "6s", replica_faithfulness,
                  "another API server answers, whose watch cache is so far behind; at most one "
                  "fault may name it"});
  rows.push_back({"replica", "held", replica_faithfulness,
                  "the same, and its cache stays where it was when the window opened"});
  append(rows, "connect", connect_faults());
  return rows;
}

}  // namespace fakeapi::fault
