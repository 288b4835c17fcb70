#include "analysis/verdict/step_bias_tables.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace kramers::analysis {
namespace {

Table table_of(sde::TallyShape shape, std::vector<TableField> fields, const std::vector<TableField>& more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return {std::move(shape.name), std::move(shape.meaning), std::move(shape.axes), std::move(fields)};
}

Table quantities_table(const StepBias& found) {
  const auto& all = found.quantities;
  const auto each = [&](const auto& of) {
    std::vector<std::decay_t<decltype(of(all[0]))>> values;
    for (const StepBias::Quantity& q : all) values.push_back(of(q));
    return values;
  };
  TableFields fields({"quantity"});
  fields.add("sampled", "mean at the time step h", each([](const auto& q) { return q.sampled; }));
  fields.add("bias", "bias of the time step h", each([](const auto& q) { return q.bias; }));
  fields.add("extrapolated", "mean extrapolated to time step 0", each([](const auto& q) { return q.extrapolated; }));
  fields.add("prediction", "predicted mean", each([](const auto& q) { return q.prediction.value_or(not_known); }));
  fields.add("model_error", "extrapolated less predicted mean; its standard error is that of the extrapolated one",
             each([](const auto& q) { return q.model_error(); }));
  fields.add("correlation", "correlation of the means at h and at 2 h, by the noise that they share",
             each([](const auto& q) { return q.correlation; }));
  if (found.multiples.size() > 1) {
    fields.add("order", "order in h that the means show",
               each([&](const auto& q) { return q.order_seen.value_or(unknown_estimate); }));
    fields.add("remainder", "what the next order in h leaves in the extrapolated mean",
               each([&](const auto& q) { return q.remainder.value_or(unknown_estimate); }));
    fields.add("consistent", "1 where the order is the scheme's within errors and half an order, else 0",
               each([](const auto& q) { return double(q.consistent); }));
  }
  std::vector<std::string> names;
  std::vector<Estimate> coarse;
  for (std::size_t l = 0; l < found.multiples.size(); ++l)
    for (const StepBias::Quantity& q : all) coarse.push_back(q.coarse[l]);
  for (const StepBias::Quantity& q : all) names.push_back(q.name);
  TableFields at_multiples({"multiple", "quantity"});
  at_multiples.add("coarse", "mean at a multiple of the time step", coarse);
  return table_of(step_bias_shape(found.multiples, {"quantity", "quantity", names}), fields.take(),
                  at_multiples.take());
}

Table density_table(const StepBias& found, std::size_t k) {
  const StepBias::Density& density = found.densities[k];
  TableFields of_cells({"cell"}), of_density({});
  of_cells.add("bias", "bias of the time step h in the probability of a cell", density.bias);
  of_cells.add("extrapolated", "probability of a cell extrapolated to time step 0", density.extrapolated);
  const auto add = [&](const std::string& name, const std::string& meaning, const std::optional<Variation>& v) {
    of_density.add(name, meaning, v ? v->estimate : not_known);
    of_density.add(name + "_lower", "lower bound of the " + meaning, v ? v->lower(density.t) : not_known);
    of_density.add(name + "_upper", "upper bound of the " + meaning, v ? v->upper : not_known);
  };
  of_density.add("noise_floor", "total variation that noise alone would show at h", density.noise_floor);
  add("bias_variation", "total variation between the laws at time step h and 0", density.bias_variation);
  add("model_variation", "total variation between the law at time step 0 and the prediction", density.model_variation);
  return table_of(step_bias_density_shape(k, found.multiples, int(density.bias.size())), of_cells.take(),
                  of_density.take());
}

}  // namespace

std::vector<Table> step_bias_tables(const StepBias& found) {
  std::vector<Table> tables = {quantities_table(found)};
  for (std::size_t k = 0; k < found.densities.size(); ++k) tables.push_back(density_table(found, k));
  return tables;
}

}  // namespace kramers::analysis
