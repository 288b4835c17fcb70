# Writes HEADER, with the commit of SOURCE, where that is another than it says: "unknown" outside a checkout.
set(commit unknown)
if(EXISTS ${SOURCE}/.git)
  execute_process(COMMAND git describe --always --dirty --exclude=* --abbrev=12 WORKING_DIRECTORY ${SOURCE}
    OUTPUT_VARIABLE told RESULT_VARIABLE failed ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT failed)
    set(commit ${told})
  endif()
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#define KRAMERS_COMMIT \"${commit}\"\n")
