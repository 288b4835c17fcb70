#include "apps/commands/program.hpp"

int main(int argc, char** argv) { return kramers::program(argc, argv); }
