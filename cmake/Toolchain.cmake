include(CheckLinkerFlag)

# Compiler flags for code of this project. Libraries come in as SYSTEM and are not warned about.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# -O2: what -O3 adds is size, and neither program computes much. NDEBUG is not set: assertions are on in release too.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")

add_library(project_flags INTERFACE)
target_include_directories(project_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(project_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  $<$<BOOL:${WFE_WERROR}>:-Werror>
  # GCC 12 sees overlapping copies in every "text" + std::string (its bug 105651, mended in 13).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  # Sections let the linker drop what the static binary never calls.
  -ffunction-sections -fdata-sections
  # The same bytes wherever the checkout lies.
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
target_link_options(project_flags INTERFACE -Wl,--gc-sections)
target_compile_definitions(project_flags INTERFACE WFE_VERSION="${PROJECT_VERSION}")

if(WFE_SANITIZE)
  # Everything that is compiled here, Asio and Beast included, so that no report is lost at a border.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  # With instrumentation GCC 12 takes members of std::regex and std::function for uninitialised (its bug 105562).
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()

if(WFE_FUZZ)
  # The checks that are left out here repeat what AddressSanitizer finds when it happens, and cost a quarter of the
  # build time.
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
                      -fno-sanitize=null,alignment,vptr,object-size,pointer-overflow)
  add_link_options(-fsanitize=address,undefined)
endif()

# link_statically(TARGET): no shared object at run time, glibc's included.
function(link_statically target)
  target_link_options(${target} PRIVATE -static)
  # The linker notes that getaddrinfo and dlopen want glibc's shared objects at run time. Since 2.34 names resolve through
  # /etc/hosts and DNS without any, and a server that is given as an address needs no resolver at all.
  check_linker_flag(CXX -Wl,--no-warnings LINKER_CAN_BE_SILENT)
  if(LINKER_CAN_BE_SILENT)
    target_link_options(${target} PRIVATE -Wl,--no-warnings)
  endif()
endfunction()
