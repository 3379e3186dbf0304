import { engineFailure } from './engine-failure.ts';

/** TensorFlow's version: the one that the wheels below were built from. */
export const tensorflowVersion = '2.21.0';

/** One published build of TensorFlow: the same file for everyone on a platform, whatever Python they have. */
export interface Wheel {
  /** The package on PyPI. */
  readonly project: string;
  readonly file: string;
  /** pip's `--platform`. */
  readonly platform: string;
  readonly sha256: string;
  readonly bytes: number;
  /** The two libraries that export TensorFlow's C API, the larger first, and their sizes in bytes. */
  readonly libraries: { readonly [file: string]: number };
}

/** By Node's `platform-arch`. Digests and sizes were taken from the files themselves. */
const wheels: Readonly<Record<string, Wheel>> = {
  'linux-x64': {
    project: 'tensorflow-cpu',
    file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    platform: 'manylinux_2_27_x86_64',
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    bytes: 273_829_956,
    libraries: { 'libtensorflow_cc.so.2': 788_086_608, 'libtensorflow_framework.so.2': 65_222_328 },
  },
  'linux-arm64': {
    project: 'tensorflow',
    file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl',
    platform: 'manylinux_2_27_aarch64',
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    bytes: 281_828_020,
    libraries: { 'libtensorflow_cc.so.2': 814_885_544, 'libtensorflow_framework.so.2': 68_176_664 },
  },
  'darwin-arm64': {
    project: 'tensorflow',
    file: 'tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl',
    platform: 'macosx_12_0_arm64',
    sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
    bytes: 223_405_849,
    libraries: { 'libtensorflow_cc.2.dylib': 691_352_648, 'libtensorflow_framework.2.dylib': 49_452_976 },
  },
};

/** The C API as the addon includes it, as paths under `tensorflow/include/` of every wheel. */
export const headers: readonly string[] = [
  ...['c_api', 'c_api_macros', 'tf_attrtype', 'tf_buffer', 'tf_datatype', 'tf_status', 'tf_tensor', 'tf_tstring'].map(
    (name) => `tensorflow/c/${name}.h`,
  ),
  'tensorflow/c/eager/c_api.h',
  ...['tensorflow/core', 'tsl'].flatMap((folder) => [
    `${folder}/platform/ctstring.h`,
    `${folder}/platform/ctstring_internal.h`,
  ]),
  'xla/tsl/c/tsl_status.h',
];

/**
 * The wheel for a machine.
 *
 * @param libc `musl` on such Linux systems, for which TensorFlow is not published
 * @throws UserError when there is none.
 */
export function wheelFor(platform: string, arch: string, libc: 'glibc' | 'musl'): Wheel {
  const wheel = libc === 'musl' ? undefined : wheels[`${platform}-${arch}`];
  if (wheel) return wheel;
  const machine = `${platform} ${arch}${libc === 'musl' ? ' with musl' : ''}`;
  throw engineFailure(
    'engine-no-wheel',
    `There is no TensorFlow ${tensorflowVersion} wheel for ${machine}`,
    'Use Linux (x64 or arm64, with glibc) or macOS (arm64)',
  );
}
