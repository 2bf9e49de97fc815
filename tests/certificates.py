"""A throwaway certificate authority for tests, made by the openssl program."""

import subprocess
from pathlib import Path

from tests.servers import program


class Authority:
    """One CA in a folder; it signs certificates for servers and clients, valid for one day."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.certificate = folder / "ca.pem"
        self._key = folder / "ca.key"
        self._run("req", "-x509", *_NEW_KEY, "-subj", "/CN=Shouwang test CA", *_out(self._key, self.certificate))

    def sign(self, name: str) -> tuple[Path, Path]:
        """Make the certificate and key of ``name``, good for a server on 127.0.0.1 and for a client."""
        key, certificate, request = (self.folder / f"{name}.{end}" for end in ("key", "pem", "csr"))
        extensions = self.folder / f"{name}.ext"
        extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n")
        self._run("req", *_NEW_KEY, "-subj", f"/CN={name}", *_out(key, request))
        signing = ["-CA", str(self.certificate), "-CAkey", str(self._key), "-CAcreateserial", "-days", "1"]
        self._run("x509", "-req", "-in", str(request), *signing, "-extfile", str(extensions), "-out", str(certificate))
        return certificate, key

    def _run(self, *arguments: str) -> None:
        openssl = program("openssl", "apt-get install openssl")
        subprocess.run([openssl, *arguments], check=True, stdin=subprocess.DEVNULL, capture_output=True)


_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def _out(key: Path, certificate: Path) -> list[str]:
    return ["-keyout", str(key), "-out", str(certificate)]
