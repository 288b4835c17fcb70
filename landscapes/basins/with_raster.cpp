#include "landscapes/basins/with_raster.hpp"

namespace kramers::landscapes {
namespace {

template <sde::Real R>
class RasterBlock final : public sde::BlockLandscape<R>, sde::BlockBasins<R> {
 public:
  RasterBlock(const sde::BlockLandscape<R>& landscape, const BasinRaster& raster)
      : landscape_(landscape), raster_(raster) {}

  int dim() const override { return landscape_.dim(); }
  void gradient(const R* theta, R* gradient) const override { landscape_.gradient(theta, gradient); }
  void value(const R* theta, R* loss) const override { landscape_.value(theta, loss); }
  const sde::BlockHessian<R>* hessian() const override { return landscape_.hessian(); }
  const sde::BlockBasins<R>* basins() const override { return this; }

 private:
  void of(const R* theta, std::int32_t* minimum) const override {
    raster_.cells(theta, minimum);
    for (int lane = 0; lane < sde::block_lanes; ++lane) minimum[lane] = raster_.minimum[minimum[lane]];
  }

  const sde::BlockLandscape<R>& landscape_;
  const BasinRaster& raster_;
};

class WithRaster final : public Landscape {
 public:
  WithRaster(std::shared_ptr<const Landscape> landscape, std::shared_ptr<const BasinRaster> raster)
      : landscape_(std::move(landscape)),
        basins_(Basins{.raster = std::move(raster)}),
        double_(landscape_->block_double(), *basins_->raster),
        single_(landscape_->block_single(), *basins_->raster) {}

  int dim() const override { return landscape_->dim(); }
  double value(const Point& theta) const override { return landscape_->value(theta); }
  Point gradient(const Point& theta) const override { return landscape_->gradient(theta); }
  Eigen::MatrixXd hessian(const Point& theta) const override { return landscape_->hessian(theta); }
  std::optional<Point> diagonal_hessian(const Point& theta) const override {
    return landscape_->diagonal_hessian(theta);
  }
  bool separable() const override { return landscape_->separable(); }
  double part(int axis, double x) const override { return landscape_->part(axis, x); }
  int alike(int axis) const override { return landscape_->alike(axis); }
  const sde::BlockLandscape<double>& block_double() const override { return double_; }
  const sde::BlockLandscape<float>& block_single() const override { return single_; }
  const std::vector<Minimum>& minima() const override { return landscape_->minima(); }
  const std::optional<Basins>& basins() const override { return basins_; }
  bool confining() const override { return landscape_->confining(); }
  bool superquadratic() const override { return landscape_->superquadratic(); }
  std::optional<Marginal> marginal(const std::vector<int>& axes, double temperature) const override {
    return landscape_->marginal(axes, temperature);
  }

 private:
  std::shared_ptr<const Landscape> landscape_;
  std::optional<Basins> basins_;
  RasterBlock<double> double_;
  RasterBlock<float> single_;
};

}  // namespace

std::shared_ptr<const Landscape> with_raster(std::shared_ptr<const Landscape> landscape,
                                             std::shared_ptr<const BasinRaster> raster) {
  return std::make_shared<WithRaster>(std::move(landscape), std::move(raster));
}

}  // namespace kramers::landscapes
