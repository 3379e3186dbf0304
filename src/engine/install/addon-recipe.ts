/**
 * TensorFlow 2.21 writes log lines to stderr while its libraries load, before it reads TF_CPP_MIN_LOG_LEVEL. This addon
 * loads them with stderr closed off; the main addon then finds them loaded. What makes loading impossible is not
 * hidden: checkAddon loads without it, and the main addon names a library that is not there.
 */
export const quietLoadSource = `#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>
extern "C" __attribute__((visibility("default"))) void* napi_register_module_v1(void*, void* exports) {
  int saved = fcntl(2, F_DUPFD_CLOEXEC, 3), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (saved < 0 || nowhere < 0) return exports;
  dup2(nowhere, 2);
  dlopen(LIBRARY, RTLD_LAZY);
  dup2(saved, 2);
  close(saved);
  close(nowhere);
  return exports;
}
`;

/** Of the compiler, for both addons. */
export const flags = ['-O2', '-std=c++17', '-shared', '-fPIC', '-DNAPI_VERSION=8'];
/** Whether addons are built for macOS. */
export const isMac = process.platform === 'darwin';
/** Of the linker, for both addons: where they find the libraries. */
export const linkFlags = isMac
  ? ['-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../../deps/lib']
  : ['-Wl,-rpath,$ORIGIN/../../deps/lib'];

/** Everything besides the wheel and tfjs-node that decides what an addon looks like. */
export const addonRecipe = [flags, linkFlags, quietLoadSource];
