# Suites of the simulation: a fixed set of seeds, and engines that are broken on purpose.
wsengine_suites(wsengine_simulation_suites
  LABEL simulation
  SOURCES
    simulation/mutations.cpp
    simulation/seeds.cpp
  LIBRARIES wsengine_breakable wsengine_simulation)

# The program, on engines as they are shipped.
add_test(NAME simulation.program COMMAND wsengine_sim --seeds 1..100 --steps 300)
add_test(NAME simulation.usage COMMAND wsengine_sim --seeds 9..1)
set_tests_properties(simulation.program simulation.usage PROPERTIES LABELS simulation TIMEOUT 120)
set_tests_properties(simulation.usage PROPERTIES WILL_FAIL ON)
