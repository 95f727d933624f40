# All of them are Debian packages; `./dev setup` names them.
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
find_path(LIBYAML_INCLUDE_DIR yaml.h REQUIRED)

# Debian 12's yaml-cpp exports a plain name, newer ones a namespaced one.
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

# libyaml, the small C parser, for the engine's kubeconfig: the static archive, as the engine is static.
find_library(LIBYAML_LIBRARY NAMES libyaml.a yaml REQUIRED)
add_library(libyaml INTERFACE)
target_include_directories(libyaml SYSTEM INTERFACE ${LIBYAML_INCLUDE_DIR})
target_link_libraries(libyaml INTERFACE ${LIBYAML_LIBRARY})

# OpenSSL's archives where the programs are linked statically, its shared objects elsewhere.
add_library(static_openssl INTERFACE)
target_include_directories(static_openssl SYSTEM INTERFACE ${OPENSSL_INCLUDE_DIR})
if(WFE_STATIC)
  find_library(LIBSSL_ARCHIVE libssl.a REQUIRED)
  find_library(LIBCRYPTO_ARCHIVE libcrypto.a REQUIRED)
  target_link_libraries(static_openssl INTERFACE ${LIBSSL_ARCHIVE} ${LIBCRYPTO_ARCHIVE})
  # From 3.5 on (Debian 13) libcrypto.a can compress certificates and refers to these; where they are missing, it does not.
  foreach(name z zstd)
    find_library(${name}_ARCHIVE lib${name}.a)
    if(${name}_ARCHIVE)
      target_link_libraries(static_openssl INTERFACE ${${name}_ARCHIVE})
    endif()
  endforeach()
else()
  target_link_libraries(static_openssl INTERFACE OpenSSL::SSL OpenSSL::Crypto)
endif()

# Asio and Beast are compiled once, here; every other file only sees declarations.
add_library(beast STATIC ${CMAKE_CURRENT_LIST_DIR}/beast.cpp)
target_include_directories(beast SYSTEM PUBLIC ${Boost_INCLUDE_DIRS} ${OPENSSL_INCLUDE_DIR})
target_compile_definitions(beast PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_BOOST_COROUTINE)
target_compile_options(beast PRIVATE -ffunction-sections -fdata-sections -w)

# The same for what only fakeapi uses. A distribution may leave yaml-cpp's archive out: then fakeapi stays dynamic.
add_library(static_zlib INTERFACE)
add_library(static_yaml_cpp INTERFACE)
if(WFE_STATIC)
  find_library(ZLIB_ARCHIVE libz.a)
  find_library(YAML_CPP_ARCHIVE libyaml-cpp.a)
endif()
if(ZLIB_ARCHIVE AND YAML_CPP_ARCHIVE)
  set(FAKEAPI_STATIC ON)
  target_include_directories(static_zlib SYSTEM INTERFACE ${ZLIB_INCLUDE_DIRS})
  target_link_libraries(static_zlib INTERFACE ${ZLIB_ARCHIVE})
  get_target_property(YAML_CPP_INCLUDES yaml-cpp::yaml-cpp INTERFACE_INCLUDE_DIRECTORIES)
  target_include_directories(static_yaml_cpp SYSTEM INTERFACE ${YAML_CPP_INCLUDES})
  target_link_libraries(static_yaml_cpp INTERFACE ${YAML_CPP_ARCHIVE})
else()
  target_link_libraries(static_zlib INTERFACE ZLIB::ZLIB)
  target_link_libraries(static_yaml_cpp INTERFACE yaml-cpp::yaml-cpp)
endif()

# fmt is compiled once, here: Debian has no archive of it, and its header-only form costs each file three seconds.
add_library(compiled_fmt STATIC ${CMAKE_CURRENT_LIST_DIR}/fmt.cpp)
get_target_property(FMT_INCLUDES fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
target_include_directories(compiled_fmt SYSTEM PUBLIC ${FMT_INCLUDES})
target_compile_options(compiled_fmt PRIVATE -ffunction-sections -fdata-sections -w)
