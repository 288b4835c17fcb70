#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "landscapes/model/basin_table.hpp"
#include "landscapes/model/evaluate.hpp"
#include "landscapes/model/facts.hpp"
#include "landscapes/model/landscape.hpp"
#include "sde/block.hpp"

namespace kramers::landscapes {

/// One pack of lanes of a block as a point: x[row].
template <class N>
struct BlockRows {
  const real_of<N>* first;
  N operator[](int row) const { return N::load(first + row * sde::block_lanes); }
};

/// The same to be written: g[row] = number.
template <class N>
struct BlockRowsOut {
  struct Element {
    real_of<N>* at;
    void operator=(N number) const { number.store(at); }
  };
  real_of<N>* first;
  Element operator[](int row) const { return {first + row * sde::block_lanes}; }
};

/// A landscape struct as the ensemble sees it.
template <class L, sde::Real R>
class BlockAdaptor final : public sde::BlockLandscape<R>, sde::BlockHessian<R>, sde::BlockBasins<R> {
 public:
  BlockAdaptor(const L& landscape, const BasinTable<R>& basins)
      : dim_(dimension_of(landscape)),
        formula_(formula_of<R>(landscape)),
        basins_(basins),
        in_order_(basins.in_order()) {}

  int dim() const override { return dim_; }

  void gradient(const R* theta, R* gradient) const override {
    const Formula formula = formula_;  // a copy, which stores to `gradient` cannot change
    for (int lane = 0; lane < sde::block_lanes; lane += N::lanes)
      gradient_into<N, L>(formula, BlockRows<N>{theta + lane}, BlockRowsOut<N>{gradient + lane});
  }

  const sde::BlockHessian<R>* hessian() const override { return this; }
  const sde::BlockBasins<R>* basins() const override { return basins_.cuts < 0 ? nullptr : this; }

  void value(const R* theta, R* loss) const override {
    const Formula formula = formula_;
    for (int lane = 0; lane < sde::block_lanes; lane += N::lanes)
      value_from<N, L>(formula, BlockRows<N>{theta + lane}).store(loss + lane);
  }

 private:
  /// Column j is the slope of the gradient along axis j.
  void of(const R* theta, R* hessian) const override {
    const Formula formula = formula_;
    thread_local std::vector<Dual<N>> x, g;
    x.resize(dim_), g.resize(dim_);
    for (int lane = 0; lane < sde::block_lanes; lane += N::lanes) {
      for (int i = 0; i < dim_; ++i) x[i] = Dual<N>(N::load(theta + i * sde::block_lanes + lane), N(R(0)));
      for (int j = 0; j < dim_; ++j) {
        x[j].slope = N(R(1));
        gradient_into<Dual<N>, L>(formula, x.data(), g.data());
        x[j].slope = N(R(0));
        for (int i = 0; i < dim_; ++i) g[i].slope.store(hessian + (i * dim_ + j) * sde::block_lanes + lane);
      }
    }
  }

  void of(const R* theta, std::int32_t* minimum) const override {
    if (basins_.cuts == 0) {
      std::fill_n(minimum, sde::block_lanes, basins_.minimum[0]);
      return;
    }
    R index[sde::block_lanes];
    for (int lane = 0; lane < sde::block_lanes; lane += N::lanes)
      basins_.index(BlockRows<N>{theta + lane}).store(index + lane);
    if (in_order_)  // no look-up: converts whole vectors
      for (int lane = 0; lane < sde::block_lanes; ++lane) minimum[lane] = std::int32_t(index[lane]);
    else
      for (int lane = 0; lane < sde::block_lanes; ++lane) minimum[lane] = basins_.minimum[int(index[lane])];
  }

  using N = sde::Pack<R>;
  using Formula = decltype(formula_of<R>(std::declval<const L&>()));
  int dim_;
  Formula formula_;
  BasinTable<R> basins_;
  bool in_order_;
};

/// A landscape struct as everything else sees it. `storage` lives as long as the adaptor: what L has views of.
template <class L>
class Adaptor final : public Landscape {
 public:
  explicit Adaptor(const L& landscape, std::shared_ptr<const void> storage = nullptr)
      : storage_(std::move(storage)),
        landscape_(landscape),
        facts_(landscape.facts()),
        double_(landscape, table<double>(facts_)),
        single_(landscape, table<float>(facts_)) {}

  int dim() const override { return dimension_of(landscape_); }
  double value(const Point& theta) const override { return value_at(landscape_, theta); }
  Point gradient(const Point& theta) const override { return gradient_at(landscape_, theta); }
  Eigen::MatrixXd hessian(const Point& theta) const override {
    if constexpr (requires { landscape_.hessian(); })
      return landscape_.hessian();
    else
      return hessian_at(landscape_, theta);
  }
  std::optional<Point> diagonal_hessian(const Point& theta) const override {
    if constexpr (requires { landscape_.diagonal_hessian(theta); })
      return landscape_.diagonal_hessian(theta);
    else
      return {};
  }
  const sde::BlockLandscape<double>& block_double() const override { return double_; }
  const sde::BlockLandscape<float>& block_single() const override { return single_; }
  const std::vector<Minimum>& minima() const override { return facts_.minima; }
  const std::optional<Basins>& basins() const override { return facts_.basins; }
  bool confining() const override { return facts_.confining; }
  bool separable() const override { return facts_.separable || dim() == 1; }
  double part(int axis, double x) const override {
    if constexpr (requires { landscape_.part(axis, x); })
      if (facts_.separable) return landscape_.part(axis, x);
    return value_from<double, L>(formula_of<double>(landscape_), &x);  // the only one
  }
  int alike(int axis) const override { return facts_.alike.empty() ? axis : facts_.alike[axis]; }
  bool superquadratic() const override { return facts_.superquadratic; }

  std::optional<Marginal> marginal(const std::vector<int>& axes, double temperature) const override {
    const int d = dim();
    const bool distinct = axes.size() == 1 || (axes.size() == 2 && axes[0] != axes[1]);
    if (!distinct || std::any_of(axes.begin(), axes.end(), [d](int axis) { return axis < 0 || axis >= d; }))
      throw std::invalid_argument("a marginal is over one axis or two different ones, from 0 to " +
                                  std::to_string(d - 1));
    Marginal marginal{axes, nullptr, {}, {}};
    if constexpr (requires { landscape_.inverse_hessian(0); })
      if (axes.size() == 1) marginal.variance = temperature * landscape_.inverse_hessian(axes[0]);
    for (int axis : axes) {
      marginal.kinks.push_back(facts_.kinks.empty() ? std::vector<double>{} : facts_.kinks[axis]);
      marginal.landmarks.push_back(facts_.landmarks[axis]);
    }
    if constexpr (requires { landscape_.minus_log_marginal(axes, temperature); })
      marginal.minus_log_density = landscape_.minus_log_marginal(axes, temperature);
    if (!marginal.minus_log_density && int(axes.size()) == d)
      marginal.minus_log_density = [landscape = landscape_, keep = storage_, axes, temperature](const double* x) {
        double theta[2];
        for (std::size_t i = 0; i < axes.size(); ++i) theta[axes[i]] = x[i];
        return value_from<double, L>(formula_of<double>(landscape), theta) / temperature;
      };
    if (!marginal.minus_log_density) return std::nullopt;
    return marginal;
  }

 private:
  template <class R>
  static BasinTable<R> table(const Facts& facts) {
    return facts.basins ? BasinTable<R>(*facts.basins) : BasinTable<R>();
  }

  std::shared_ptr<const void> storage_;
  L landscape_;
  Facts facts_;
  BlockAdaptor<L, double> double_;
  BlockAdaptor<L, float> single_;
};

}  // namespace kramers::landscapes
