#include "landscapes/formula/formula.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <numbers>
#include <set>
#include <stdexcept>

namespace kramers::landscapes {

namespace {

using Operation = Formula::Operation;
using Instruction = Formula::Instruction;

struct Function {
  const char* name;
  Operation operation;
  int arguments;
};
constexpr Function functions[] = {{"exp", Operation::exp, 1}, {"log", Operation::log, 1}, {"sqrt", Operation::sqrt, 1},
                                  {"sin", Operation::sin, 1}, {"cos", Operation::cos, 1}, {"tanh", Operation::tanh, 1},
                                  {"abs", Operation::abs, 1}, {"min", Operation::min, 2}, {"max", Operation::max, 2}};

/// Recursive descent; what is read is appended to `program` in the order of evaluation.
class Parser {
 public:
  Parser(const std::string& text, int dim) : text_(text), dim_(dim) {}

  std::vector<Instruction> program() {
    sum();
    if (at_ < text_.size()) fail("an operator or the end");
    return std::move(program_);
  }

 private:
  [[noreturn]] void fail(const std::string& expected) {
    skip_blanks();
    const std::string found = at_ < text_.size() ? "'" + text_.substr(at_, 12) + "'" : "the end";
    constexpr std::size_t most = 100;
    const std::string text = text_.size() > most ? text_.substr(0, most) + "..." : text_;
    throw std::invalid_argument("formula '" + text + "': " + found + " at character " + std::to_string(at_ + 1) +
                                "; allowed: " + expected);
  }

  /// Formulas and signs within one another; a bound, that no text exhausts the stack of the machine.
  struct Nested {
    explicit Nested(Parser& parser) : parser(parser) {
      if (++parser.depth_ > most_nested) parser.fail("fewer parentheses or signs within one another");
    }
    ~Nested() { --parser.depth_; }
    Parser& parser;
  };
  static constexpr int most_nested = 200;

  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  char peek() {
    skip_blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail(std::string("'") + c + "'");
  }
  void emit(Instruction instruction) {
    program_.push_back(instruction);
    const bool pushes = instruction.operation == Operation::number || instruction.operation == Operation::coordinate;
    const bool joins = instruction.operation >= Operation::add && instruction.operation <= Operation::max;
    operands_ += int(pushes) - int(joins);
    if (operands_ > Formula::most_operands) fail("fewer parentheses within one another");
  }

  void sum() {
    product();
    for (;;) {
      if (accept('+')) {
        product();
        emit({Operation::add});
      } else if (accept('-')) {
        product();
        emit({Operation::subtract});
      } else {
        return;
      }
    }
  }

  void product() {
    signed_power();
    for (;;) {
      if (accept('*')) {
        signed_power();
        emit({Operation::multiply});
      } else if (accept('/')) {
        signed_power();
        emit({Operation::divide});
      } else {
        return;
      }
    }
  }

  /// -a^b is -(a^b).
  void signed_power() {
    const Nested nested(*this);
    if (accept('-')) {
      signed_power();
      emit({Operation::minus});
    } else if (accept('+')) {
      signed_power();
    } else {
      power();
    }
  }

  /// From right to left: a^b^c is a^(b^c).
  void power() {
    operand();
    if (!accept('^')) return;
    const std::size_t begin = program_.size();
    signed_power();
    double exponent = std::nan("");
    if (program_.size() == begin + 1 && program_.back().operation == Operation::number)
      exponent = program_.back().number;
    if (program_.size() == begin + 2 && program_.back().operation == Operation::minus &&
        program_[begin].operation == Operation::number)
      exponent = -program_[begin].number;
    if (exponent == std::floor(exponent) && std::abs(exponent) <= 64) {
      program_.resize(begin);
      --operands_;
      emit({Operation::integer_power, 0, int(exponent)});
    } else {
      emit({Operation::power});
    }
  }

  void operand() {
    const char c = peek();
    if (accept('(')) {
      sum();
      expect(')');
    } else if (std::isdigit(static_cast<unsigned char>(c)) || c == '.') {
      double number = 0;
      const char* begin = text_.data() + at_;
      const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), number);
      if (error != std::errc()) fail("a number");
      at_ += std::size_t(end - begin);
      emit({Operation::number, number});
    } else if (std::isalpha(static_cast<unsigned char>(c))) {
      name();
    } else {
      fail("a number, x[i], a function or '('");
    }
  }

  void name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at_]))) ++at_;
    const std::string word = text_.substr(begin, at_ - begin);
    if (word == "pi") return emit({Operation::number, std::numbers::pi});
    if (word == "x" && accept('[')) {
      skip_blanks();
      int index = -1;
      const char* first = text_.data() + at_;
      const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), index);
      if (error != std::errc()) fail("the number of a coordinate");
      at_ += std::size_t(end - first);
      expect(']');
      return coordinate(index, begin);
    }
    if (word.size() == 1 && std::strchr("xyz", word[0])) return coordinate(word[0] - 'x', begin);
    for (const Function& function : functions) {
      if (word != function.name) continue;
      expect('(');
      for (int i = 0; i < function.arguments; ++i) {
        if (i > 0) expect(',');
        sum();
      }
      expect(')');
      return emit({function.operation});
    }
    at_ = begin;
    fail("x[i], x, y, z, pi, exp, log, sqrt, sin, cos, tanh, abs, min, max");
  }

  void coordinate(int index, std::size_t begin) {
    if (index < 0 || index >= dim_) {
      at_ = begin;
      fail(dim_ == 1 ? "x or x[0]: there is one coordinate" : "x[0] to x[" + std::to_string(dim_ - 1) + "]");
    }
    emit({Operation::coordinate, 0, index});
  }

  const std::string& text_;
  int dim_;
  std::size_t at_ = 0;
  int operands_ = 0, depth_ = 0;
  std::vector<Instruction> program_;
};

}  // namespace

Formula::Formula(const std::string& text, int dim) : text_(text), program_(Parser(text, dim).program()) {
  std::set<int> seen;
  for (const Instruction& i : program_)
    if (i.operation == Operation::coordinate) seen.insert(i.index);
  coordinates_.assign(seen.begin(), seen.end());
}

}  // namespace kramers::landscapes
