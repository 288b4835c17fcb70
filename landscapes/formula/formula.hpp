#pragma once

#include <array>
#include <string>
#include <vector>

#include "landscapes/model/numbers.hpp"

namespace kramers::landscapes {

/// A formula that a user typed, of the coordinates x[0], x[1], ... (x, y, z: the first three):
///
///     numbers, pi, + - * / ^, parentheses, exp log sqrt sin cos tanh abs min max
///
/// A power with an integer exponent is a product; any other is exp(b log a), for a > 0. Evaluated for any number type,
/// dual numbers included, by the same operations, so with the same bits everywhere.
class Formula {
 public:
  /// Throws std::invalid_argument that says where and what was expected; coordinates from `dim` on are not known.
  Formula(const std::string& text, int dim);

  const std::string& text() const { return text_; }
  /// Which coordinates it contains, ascending.
  const std::vector<int>& coordinates() const { return coordinates_; }

  /// coordinate(i) is x[i].
  template <class N, class X>
  N operator()(const X& coordinate) const {
    using R = real_of<N>;
    std::array<N, most_operands> stack;
    int top = -1;
    for (const Instruction& i : program_) switch (i.operation) {
        case Operation::number:
          stack[++top] = N(R(i.number));
          break;
        case Operation::coordinate:
          stack[++top] = coordinate(i.index);
          break;
        case Operation::add:
          --top;
          stack[top] = stack[top] + stack[top + 1];
          break;
        case Operation::subtract:
          --top;
          stack[top] = stack[top] - stack[top + 1];
          break;
        case Operation::multiply:
          --top;
          stack[top] = stack[top] * stack[top + 1];
          break;
        case Operation::divide:
          --top;
          stack[top] = stack[top] / stack[top + 1];
          break;
        case Operation::power:
          --top;
          stack[top] = exp(stack[top + 1] * log(stack[top]));
          break;
        case Operation::integer_power:
          stack[top] = integer_power(stack[top], i.index);
          break;
        case Operation::minus:
          stack[top] = -stack[top];
          break;
        case Operation::exp:
          stack[top] = exp(stack[top]);
          break;
        case Operation::log:
          stack[top] = log(stack[top]);
          break;
        case Operation::sqrt:
          stack[top] = sqrt(stack[top]);
          break;
        case Operation::sin:
          stack[top] = sin(stack[top]);
          break;
        case Operation::cos:
          stack[top] = cos(stack[top]);
          break;
        case Operation::tanh:
          stack[top] = tanh(stack[top]);
          break;
        case Operation::abs:
          stack[top] = abs(stack[top]);
          break;
        case Operation::min:
          --top;
          stack[top] = min(stack[top], stack[top + 1]);
          break;
        case Operation::max:
          --top;
          stack[top] = max(stack[top], stack[top + 1]);
          break;
      }
    return stack[0];
  }

  enum class Operation {
    number,
    coordinate,  // push
    add,
    subtract,
    multiply,
    divide,
    power,
    min,
    max,  // of two
    integer_power,
    minus,
    exp,
    log,
    sqrt,
    sin,
    cos,
    tanh,
    abs,  // of one
  };
  /// Of a machine with a stack of operands.
  struct Instruction {
    Operation operation;
    double number = 0;
    int index = 0;  // of the coordinate; the exponent
  };
  static constexpr int most_operands = 32;

 private:
  template <class N>
  static N integer_power(N base, int exponent) {
    N result = N(real_of<N>(1));
    for (int left = exponent < 0 ? -exponent : exponent; left > 0; left /= 2) {
      if (left % 2 == 1) result = result * base;
      if (left > 1) base = base * base;
    }
    return exponent < 0 ? N(real_of<N>(1)) / result : result;
  }

  std::string text_;
  std::vector<Instruction> program_;
  std::vector<int> coordinates_;
};

}  // namespace kramers::landscapes
