"""Compiles one typst document in a process of its own, limited in time and memory; run by `gateways.typst`.

Reads a JSON job from standard input, writes the PDF to standard output. It imports nothing of the project, so that it
starts in a few hundredths of a second and holds no secrets.
"""

import json
import resource
import sys

TYPST_ERROR_STATUS = 3


def main() -> int:
    job = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (job["memory_bytes"], job["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (job["cpu_seconds"], job["cpu_seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst  # after the limits: they hold for the compiler's own start too

    compiler = typst.Compiler(
        input=job["template"],
        root=job["root"],
        font_paths=job["font_folders"],
        ignore_system_fonts=False,
        sys_inputs={name: json.dumps(data, ensure_ascii=False) for name, data in job["inputs"].items()},
        package_path=job["root"],
        package_cache_path=job["root"],
    )
    try:
        pdf = compiler.compile(format="pdf", timestamp=job["timestamp"], pdf_standards=job["standards"])
    except typst.TypstError as error:
        sys.stderr.write(f"{error.message} {error.diagnostic}"[-2000:])
        return TYPST_ERROR_STATUS
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
