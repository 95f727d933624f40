# embed_files(OUTPUT NAMESPACE file...): a source file that puts the files into the program as they are. It defines
# std::vector<NAMESPACE::EmbeddedFile> NAMESPACE::embedded_files() (fakeapi/cluster/schema/embedded.hpp).
# The assembler's .incbin copies the bytes: no array of a hundred thousand numbers goes through the compiler.
function(embed_files output namespace)
  set(assembly "")
  set(declarations "")
  set(entries "")
  set(number 0)
  foreach(path IN LISTS ARGN)
    get_filename_component(name ${path} NAME)
    string(APPEND assembly "    \".global embedded_${number}_begin\\nembedded_${number}_begin:\\n.incbin \\\"${path}\\\"\\n\"\n"
                           "    \".global embedded_${number}_end\\nembedded_${number}_end:\\n\"\n")
    string(APPEND declarations "extern const char embedded_${number}_begin[];\nextern const char embedded_${number}_end[];\n")
    string(APPEND entries "    {\"${name}\", {embedded_${number}_begin, static_cast<std::size_t>(embedded_${number}_end - embedded_${number}_begin)}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT "// Made by cmake/Embed.cmake.
#include \"fakeapi/cluster/schema/embedded.hpp\"

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
  set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS "${ARGN}")
endfunction()
