"""What a phone needs before it can trust this server: one page over plain HTTP, and nothing else.

It holds no secret and takes nothing. Who changed it on its way could make a phone trust another
authority; so it asks to compare the fingerprint with a sheet that came on paper or by hand.
"""

from __future__ import annotations

import plistlib
import uuid
from html import escape
from string import Template

from cryptography.hazmat.primitives.serialization import Encoding
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from littoral.store.certificates import Authority

CERTIFICATE, PROFILE = "/littoral.crt", "/littoral.mobileconfig"
_NAMESPACE = uuid.UUID("6f6a52b0-6d1f-5a0e-9c3a-5b1d3f3c8a10")  # of profiles; any constant does
_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}


def trust_app(authority: Authority, phone: str) -> Starlette:
    """`phone`: the address of the phone's page (`https://watch.example:8443/phone/`)."""
    html = trust_page(authority, phone).encode()
    der = authority.certificate.public_bytes(Encoding.DER)
    profile = profile_of(authority)

    def page(request: Request) -> Response:
        return HTMLResponse(html, headers=_HEADERS)

    def certificate(request: Request) -> Response:
        return Response(der, headers=_HEADERS, media_type="application/x-x509-ca-cert")

    def for_iphones(request: Request) -> Response:
        return Response(profile, headers=_HEADERS, media_type="application/x-apple-aspen-config")

    return Starlette(
        routes=[
            Route("/", page),
            Route(CERTIFICATE, certificate),
            Route(PROFILE, for_iphones),
        ]
    )


def profile_of(authority: Authority) -> bytes:
    """The authority as iPhones take it (Apple, Configuration Profile Reference). Its identifiers
    follow from the certificate, so that loading it again replaces it."""
    mark = uuid.uuid5(_NAMESPACE, authority.fingerprint)
    name = authority.title
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"littoral.authority.{mark}",
            "PayloadUUID": str(mark).upper(),
            "PayloadDisplayName": name,
            "PayloadContent": [
                {
                    "PayloadType": "com.apple.security.root",
                    "PayloadVersion": 1,
                    "PayloadIdentifier": f"littoral.authority.{mark}.root",
                    "PayloadUUID": str(uuid.uuid5(mark, "root")).upper(),
                    "PayloadDisplayName": name,
                    "PayloadContent": authority.certificate.public_bytes(Encoding.DER),
                }
            ],
        }
    )


def trust_page(authority: Authority, phone: str, sheet: str = "") -> str:
    """`sheet`: on paper: an SVG that leads a phone's camera to this page; "" on the page itself."""
    return _PAGE.substitute(
        name=escape(authority.title),
        hosts=escape("、".join(str(h) for h in authority.hosts)),
        ends=f"{authority.ends:%Y-%m-%d}",
        fingerprint="<br>".join(_lines(authority.fingerprint)),
        phone=escape(phone, quote=True),
        certificate=CERTIFICATE,
        profile=PROFILE,
        sheet=sheet,
        on=_PAPER if sheet else _SCREEN,
    )


def _lines(fingerprint: str) -> list[str]:
    """Four lines of eight bytes: what a person compares at a glance."""
    parts = fingerprint.split(":")
    return [" ".join(parts[n : n + 8]) for n in range(0, len(parts), 8)]


_SCREEN, _PAPER = "screen", "paper"
_PAGE = Template("""<!doctype html>
<html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>滨海 Littoral · $name</title>
<style>
:root { color-scheme: light dark; font: 18px/1.55 system-ui, sans-serif }
body { max-width: 38rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2rem }
a.do { display: block; margin: .6rem 0; padding: .8rem 1rem; border-radius: .5rem;
  background: #0b5cad; color: #fff; text-decoration: none; text-align: center }
code { font: 600 1.05rem/1.7 ui-monospace, monospace }
.print { border: 2px solid; border-radius: .5rem; padding: .6rem 1rem }
svg { width: 11rem; height: 11rem; background: #fff; padding: .5rem }
.paper a.do { display: none } .screen .lead { display: none }
@media print { body { max-width: none } a { color: inherit } }
</style>
<body class="$on">
<h1>滨海：让手机信任本系统</h1>
<div class="lead">$sheet<p>用手机扫码，打开安装页面；请确认页面上的指纹与本纸一致。<br>
<span lang="en">Scan to open the page; compare the fingerprint there with the one on this sheet.
</span></p></div>
<p>证书“$name”只能证明：<b>$hosts</b>，有效期至 $ends。
它看不到手机上的任何内容，也不能冒充其他网站。</p>
<div class="print"><p>指纹（SHA-256）。安装前请与本级中心发放的纸质说明逐字核对，
不一致就不要安装：</p>
<code>$fingerprint</code></div>
<h2>安卓、鸿蒙手机</h2>
<a class="do" href="$certificate" download>下载证书</a>
<ol><li>打开 设置，搜索“证书”，选择“从存储设备安装证书”或“CA 证书”。</li>
<li>选择刚下载的 littoral.crt，确认安装（需要锁屏密码）。</li>
<li>打开下面的手机页面。</li></ol>
<h2>iPhone</h2>
<a class="do" href="$profile">下载描述文件</a>
<ol><li>打开 设置 › 通用 › VPN 与设备管理，安装“$name”。</li>
<li>打开 设置 › 通用 › 关于本机 › 证书信任设置，打开“$name”。</li>
<li>打开下面的手机页面。</li></ol>
<p><a class="do" href="$phone">打开手机页面</a><code>$phone</code></p>
<p>第一次打开时，浏览器不应出现任何警告；如有警告，请不要输入密码，告诉本级中心。</p>
<hr>
<div lang="en">
<h1>Littoral: let a phone trust this system</h1>
<p>The certificate “$name” vouches for <b>$hosts</b> and names below alone, until $ends. It sees
nothing of what is on the phone, and cannot pose as another site.</p>
<p>Compare the fingerprint above (SHA-256) with the sheet that your centre gave you. If they differ,
install nothing.</p>
<h2>Android, HarmonyOS</h2>
<a class="do" href="$certificate" download>Download the certificate</a>
<ol><li>In Settings, search for “certificate”; choose “Install from storage” or “CA
certificate”.</li>
<li>Choose littoral.crt and confirm (it asks for the screen lock).</li>
<li>Open the phone's page below.</li></ol>
<h2>iPhone</h2>
<a class="do" href="$profile">Download the profile</a>
<ol><li>Settings › General › VPN &amp; Device Management: install “$name”.</li>
<li>Settings › General › About › Certificate Trust Settings: turn “$name” on.</li>
<li>Open the phone's page below.</li></ol>
<p><a class="do" href="$phone">Open the phone's page</a></p>
<p>The browser should warn of nothing. If it does, type no password and tell your centre.</p>
</div></body></html>
""")
