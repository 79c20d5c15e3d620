#pragma once

#include <algorithm>
#include <concepts>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/config/complaints.hpp"
#include "gateway/config/config.hpp"
#include "gateway/config/convert.hpp"
#include "gateway/config/literal.hpp"
#include "gateway/config/nearest.hpp"
#include "gateway/config/secret_file.hpp"
#include "gateway/config/settings.hpp"

/// The vocabulary of keys.cpp: one row per key says its name, where its value goes and what is allowed.
namespace demat::config {

struct Context {
  std::filesystem::path folder;  ///< of the file; relative paths start here
  const Environment& environment;
  Complaints& complaints;
  std::filesystem::path credentials = {};  ///< systemd's $CREDENTIALS_DIRECTORY; empty without

  /// Where a path of the file leads: a bare name that is among the credentials is taken from there.
  [[nodiscard]] std::filesystem::path locate(const std::string& given) const;
  [[nodiscard]] bool is_credential(const std::filesystem::path& file) const;
};

template <class S>
struct Key {
  std::string_view name;
  std::function<void(S&, const Value&, const KeyPlace&, Context&)> set;
  std::function<std::string(const S&)> show;  ///< as a literal of the file; empty: nothing to show
  bool is_secret = false;
};

void complain_type(Context& context, const KeyPlace& place, std::string_view wanted_fr,
                   std::string_view wanted_en);
void complain_range(Context& context, const KeyPlace& place, const std::string& low, const std::string& high);
void complain_choice(Context& context, const KeyPlace& place, const std::string& given,
                     std::span<const std::string_view> allowed);

template <class S>
Key<S> text(std::string_view name, std::string S::*member) {
  return {name,
          [member](S& target, const Value& value, const KeyPlace& place, Context& context) {
            if (auto read = as_text(value))
              target.*member = std::move(*read);
            else
              complain_type(context, place, "un texte", "a text");
          },
          [member](const S& section) { return text_literal(section.*member); }};
}

template <class S>
Key<S> texts(std::string_view name, std::vector<std::string> S::*member) {
  return {name,
          [member](S& target, const Value& value, const KeyPlace& place, Context& context) {
            if (auto read = as_texts(value))
              target.*member = std::move(*read);
            else
              complain_type(context, place, "une liste de textes", "a list of texts");
          },
          [member](const S& section) { return texts_literal(section.*member); }};
}

/// Whole numbers of a range.
template <class S>
Key<S> wholes(std::string_view name, std::vector<int> S::*member, int low, int high) {
  return {name,
          [=](S& target, const Value& value, const KeyPlace& place, Context& context) {
            const std::string low_text = std::to_string(low);
            const std::string high_text = std::to_string(high);
            if (auto read = as_integers(value, low, high))
              target.*member = std::move(*read);
            else
              complain_type(context, place, "une liste de nombres de " + low_text + " à " + high_text,
                            "a list of numbers from " + low_text + " to " + high_text);
          },
          [member](const S& section) {
            std::string out;
            for (const int one : section.*member)
              out += (out.empty() ? "" : ", ") + std::to_string(one);
            return "[" + out + "]";
          }};
}

template <class S>
Key<S> path(std::string_view name, std::filesystem::path S::*member) {
  return {name,
          [member](S& target, const Value& value, const KeyPlace& place, Context& context) {
            const auto read = as_text(value);
            if (!read)
              complain_type(context, place, "un chemin", "a path");
            else
              target.*member = read->empty() ? std::filesystem::path() : context.locate(*read);
          },
          [member](const S& section) { return text_literal((section.*member).string()); }};
}

template <class S>
Key<S> flag(std::string_view name, bool S::*member) {
  return {name,
          [member](S& target, const Value& value, const KeyPlace& place, Context& context) {
            if (const auto read = as_flag(value))
              target.*member = *read;
            else
              complain_type(context, place, "true ou false", "true or false");
          },
          [member](const S& section) { return flag_literal(section.*member); }};
}

template <class S, std::integral M>
Key<S> whole(std::string_view name, M S::*member, std::int64_t low, std::int64_t high) {
  return {name,
          [=](S& target, const Value& value, const KeyPlace& place, Context& context) {
            const auto read = as_integer(value);
            if (!read)
              complain_type(context, place, "un nombre entier", "a whole number");
            else if (*read < low || *read > high)
              complain_range(context, place, std::to_string(low), std::to_string(high));
            else
              target.*member = static_cast<M>(*read);
          },
          [member](const S& section) { return std::to_string(section.*member); }};
}

template <class S>
Key<S> number(std::string_view name, double S::*member, double low, double high) {
  return {name,
          [=](S& target, const Value& value, const KeyPlace& place, Context& context) {
            const auto read = as_number(value);
            if (!read)
              complain_type(context, place, "un nombre", "a number");
            else if (!(*read >= low && *read <= high))
              complain_range(context, place, std::to_string(low), std::to_string(high));
            else
              target.*member = *read;
          },
          [member](const S& section) { return number_literal(section.*member); }};
}

template <class S>
Key<S> size(std::string_view name, std::size_t S::*member, std::int64_t low, std::int64_t high) {
  return {name,
          [=](S& target, const Value& value, const KeyPlace& place, Context& context) {
            const auto read = as_size(value);
            if (!read)
              complain_type(context, place, "une taille telle que \"100MB\" ou \"256KiB\"",
                            "a size such as \"100MB\" or \"256KiB\"");
            else if (*read < low || *read > high)
              complain_range(context, place, std::to_string(low), std::to_string(high));
            else
              target.*member = static_cast<std::size_t>(*read);
          },
          [member](const S& section) { return std::to_string(section.*member); }};
}

/// `D` is seconds or milliseconds; finer values than it holds are out of range.
template <class S, class D>
Key<S> duration(std::string_view name, D S::*member, std::chrono::milliseconds low,
                std::chrono::milliseconds high) {
  return {name,
          [=](S& target, const Value& value, const KeyPlace& place, Context& context) {
            const auto read = as_duration(value);
            if (!read)
              complain_type(context, place, "une durée telle que \"250ms\", \"15s\" ou \"10min\"",
                            "a duration such as \"250ms\", \"15s\" or \"10min\"");
            else if (*read < low || *read > high)
              complain_range(context, place, std::to_string(low.count()) + "ms",
                             std::to_string(high.count()) + "ms");
            else
              target.*member = std::chrono::duration_cast<D>(*read);
          },
          [member](const S& section) { return duration_literal(section.*member); }};
}

template <class S, class M>
Key<S> choice(std::string_view name, M S::*member, std::vector<std::pair<std::string_view, M>> allowed) {
  return {name,
          [=](S& target, const Value& value, const KeyPlace& place, Context& context) {
            const auto read = as_text(value);
            std::vector<std::string_view> names;
            for (const auto& [word, meaning] : allowed) {
              names.push_back(word);
              if (read && *read == word) {
                target.*member = meaning;
                return;
              }
            }
            complain_choice(context, place, read.value_or(""), names);
          },
          [=](const S& section) {
            for (const auto& [word, meaning] : allowed)
              if (section.*member == meaning) return text_literal(word);
            return std::string();
          }};
}

[[nodiscard]] Result<std::string> read_secret(const Context& context, const std::string& given);

/// `<name>_file`: the road a secret takes.
template <class S>
Key<S> secret_file(std::string_view name, Secret S::*member) {
  return {name,
          [member](S& target, const Value& value, const KeyPlace& place, Context& context) {
            const auto read = as_text(value);
            if (!read) {
              complain_type(context, place, "un chemin", "a path");
            } else if (auto secret = read_secret(context, *read)) {
              target.*member = Secret(std::move(*secret));
            } else {
              context.complaints.add(secret.error().code, place, secret.error().fr, secret.error().en);
            }
          },
          [](const S&) { return std::string(); }};
}

/// `<name>` itself: known, so that writing a secret into the file is told as what it is.
template <class S>
Key<S> secret_inline(std::string_view name, Secret S::*member) {
  return {name,
          [member, name](S& target, const Value& value, const KeyPlace& place, Context& context) {
            if (value.from_environment) {
              target.*member = Secret(value.text);
              return;
            }
            const std::string file_key = std::string(name) + "_file";
            context.complaints.add("config.secret_inline", place,
                                   "un secret ne s'écrit pas dans ce fichier ; donnez " + file_key +
                                       " (fichier en mode 0600) ou "
                                       "la variable d'environnement",
                                   "a secret is not written in this file; give " + file_key +
                                       " (a file with mode 0600) or the environment variable");
          },
          [member](const S& section) { return std::string((section.*member).empty() ? "" : "\"***\""); },
          true};
}

/// "DEMAT_HTTP_PORT" of "HTTP", "port": upper case, anything but letters and digits becomes '_'.
[[nodiscard]] std::string environment_name(std::string_view section, std::string_view key);

void complain_unknown(Context& context, const KeyPlace& place, std::string_view name,
                      std::span<const std::string_view> known);

/// Sets every key of `table` that `keys` knows, complains about the others, then lets the environment
/// override. `section` is empty for the top level; `own_sections` are names that are not keys.
template <class S>
void fill(S& target, const Table& table, std::span<const Key<S>> keys, const std::string& section,
          Context& context, std::span<const std::string_view> own_sections = {}) {
  std::vector<std::string_view> known(own_sections.begin(), own_sections.end());
  for (const auto& key : keys)
    known.push_back(key.name);
  const auto place_of = [&](std::string_view name, std::size_t line) {
    return KeyPlace{section.empty() ? std::string(name) : section + "." + std::string(name), line};
  };
  const auto is_own = [&](std::string_view name) { return std::ranges::count(own_sections, name) > 0; };
  for (const auto& [name, value] : table.values) {
    const auto key = std::ranges::find(keys, name, &Key<S>::name);
    if (key != keys.end())
      key->set(target, value, place_of(name, value.line), context);
    else if (is_own(name))
      complain_type(context, place_of(name, value.line), "une section", "a section");
    else
      complain_unknown(context, place_of(name, value.line), name, known);
  }
  for (const auto& [name, inner] : table.tables) {
    if (!is_own(name)) complain_unknown(context, place_of(name, inner.line), name, known);
  }
  for (const auto& [name, inner] : table.arrays) {
    if (!is_own(name)) complain_unknown(context, place_of(name, inner.front().line), name, known);
  }
  for (const auto& key : keys) {
    const std::string variable = environment_name(section, key.name);
    if (std::string given = context.environment(variable); !given.empty())
      key.set(target, Value::of_environment(std::move(given)), KeyPlace{variable, 0}, context);
  }
}

}  // namespace demat::config
