# embed_files(OUTPUT NAMESPACE HEADER [HASHES] file...): a source file that puts the files into the program as they are. It
# defines std::vector<NAMESPACE::EmbeddedFile> NAMESPACE::embedded_files(), which HEADER declares; with HASHES each has its
# SHA-256 as a Content-Security-Policy names it ("sha256-...", base64), and another configure run when it changes.
# The assembler's .incbin copies the bytes: no array of a hundred thousand numbers goes through the compiler.
function(embed_files output namespace header)
  cmake_parse_arguments(PARSE_ARGV 3 arg "HASHES" "" "")
  string(REPLACE "::" "_" prefix ${namespace})
  set(assembly "")
  set(declarations "")
  set(entries "")
  set(number 0)
  foreach(path IN LISTS arg_UNPARSED_ARGUMENTS)
    get_filename_component(name ${path} NAME)
    set(symbol ${prefix}_${number})
    string(APPEND assembly "    \".global ${symbol}_begin\\n${symbol}_begin:\\n.incbin \\\"${path}\\\"\\n\"\n"
                           "    \".global ${symbol}_end\\n${symbol}_end:\\n\"\n")
    string(APPEND declarations "extern const char ${symbol}_begin[];\nextern const char ${symbol}_end[];\n")
    set(hash "")
    if(arg_HASHES)
      base64_sha256(${path} hash)
      set(hash ", \"sha256-${hash}\"")
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    endif()
    string(APPEND entries "    {\"${name}\", {${symbol}_begin, static_cast<std::size_t>(${symbol}_end - ${symbol}_begin)}${hash}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT "// Made by cmake/Embed.cmake.
#include \"${header}\"

asm(\".section .rodata\\n\"
${assembly}    \".byte 0\\n.text\\n\");
extern \"C\" {
${declarations}}
namespace ${namespace} {
std::vector<EmbeddedFile> embedded_files() {
  return {
${entries}  };
}
}  // namespace ${namespace}
")
  set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS "${arg_UNPARSED_ARGUMENTS}")
endfunction()

# base64_sha256(FILE VARIABLE): three hexadecimal digits are two of base64 (RFC 4648, 4), and of 64 digits one is left.
function(base64_sha256 path variable)
  set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
  file(SHA256 ${path} digits)
  set(text "")
  foreach(at RANGE 0 60 3)
    string(SUBSTRING ${digits} ${at} 3 three)
    math(EXPR high "0x${three} >> 6")
    math(EXPR low "0x${three} & 63")
    string(SUBSTRING ${alphabet} ${high} 1 first)
    string(SUBSTRING ${alphabet} ${low} 1 second)
    string(APPEND text ${first}${second})
  endforeach()
  string(SUBSTRING ${digits} 63 1 one)
  math(EXPR last "0x${one} << 2")
  string(SUBSTRING ${alphabet} ${last} 1 last)
  set(${variable} "${text}${last}=" PARENT_SCOPE)
endfunction()
