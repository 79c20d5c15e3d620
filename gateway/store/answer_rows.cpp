#include "gateway/store/answer_rows.hpp"

#include <sstream>

#include "gateway/store/errors.hpp"

namespace demat::store {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;)
    out.push_back(word);
  return out;
}

}  // namespace

std::string domaines_in_row(const std::vector<std::string>& domaines) {
  std::string out;
  for (const auto& one : domaines)
    out += (out.empty() ? " " : "") + one + " ";
  return out;
}

std::string select_answers(std::string_view rest) {
  std::string sql =
      "SELECT "
      "id,kind,state,destination,remote_name,authority,flow,match_rule,nom_fic,cod_col,id_post,cod_bud,"
      "id_coll,sha256,sha1,size,received_at,summary,read,"
      "domaines,typ_restit,day,acquit,acquit_note FROM answer ";
  return sql.append(rest);
}

flow::Return read_answer(Statement& row) {
  flow::Return r;
  row.next(r.id);
  row.next(r.kind);
  const auto word = row.next<std::string>();
  const auto state = flow::return_state_from(word);
  if (!state) throw Refusal(corrupt("unknown return state in a row: " + word));
  r.state = *state;
  row.next(r.destination);
  row.next(r.remote_name);
  row.next(r.authority);
  row.next(r.flow);
  row.next(r.match_rule);
  row.next(r.nom_fic);
  row.next(r.cod_col);
  row.next(r.id_post);
  row.next(r.cod_bud);
  row.next(r.id_coll);
  row.next(r.sha256);
  row.next(r.sha1);
  row.next(r.size);
  row.next(r.received_at);
  row.next(r.summary);
  row.next(r.read);
  r.domaines = words_of(row.next<std::string>());
  row.next(r.typ_restit);
  row.next(r.day);
  row.next(r.acquit);
  row.next(r.acquit_note);
  return r;
}

}  // namespace demat::store
