"""The partners of the data exchange as the web process knows them: whose token is whose, and when each was last heard."""

from collections.abc import Mapping, Sequence
from typing import Final

from dashboard.metrics import Metrics
from dashboard.models import Check
from handlers.exchange.contract import Partner
from handlers.exchanged import Standing

HOLDER_PREFIX: Final = "exchange-"
"""What is in front of a partner's name among the holders of tokens, and in the name of the token's file."""


class Partners:
    """Who may fetch, and when each last did since ``began_at``, the start of this process. Instants in ms."""

    def __init__(self, partners: Sequence[Partner] = (), *, began_at: int = 0) -> None:
        self.all: Final = tuple(partners)
        self._by_holder: Mapping[str, Partner] = {HOLDER_PREFIX + each.name: each for each in partners}
        self._heard_at = dict.fromkeys((each.name for each in partners), began_at)

    def of_holder(self, holder: str | None) -> Partner | None:
        """The partner who holds this token; None for everybody else."""
        return self._by_holder.get(holder or "")

    def heard(self, partner: Partner, now: int) -> None:
        """Note that it fetched or confirmed."""
        self._heard_at[partner.name] = now

    def silent_s(self, partner: Partner, standing: Standing, now: int) -> float:
        """Since when it has neither fetched nor confirmed, as far back as is known."""
        confirmed_at = 0 if standing.receipt is None else standing.receipt.at
        return max(0.0, (now - max(self._heard_at[partner.name], confirmed_at)) / 1000)

    def look(self, standings: Mapping[str, Standing], now: int, metrics: Metrics) -> list[Check]:
        """One check for each partner, and its numbers for Prometheus."""
        checks = []
        for partner in self.all:
            standing = standings[partner.name]
            silent_s = self.silent_s(partner, standing, now)
            metrics.exchange_silent_s.labels(partner.name).set(silent_s)
            metrics.exchange_silent_max_s.labels(partner.name).set(partner.silent_max_s)
            metrics.exchange_waiting.labels(partner.name).set(standing.waiting_count)
            checks.append(_check(partner, standing.waiting_count, silent_s))
        return checks


def _check(partner: Partner, waiting_count: int, silent_s: float) -> Check:
    """Whether a partner keeps up. The desk itself works without it, so this makes nothing unready."""
    ok = silent_s <= partner.silent_max_s
    hours = f"{silent_s / 3600:.1f}"
    zh = f"数据交换 {partner.name}：待回执 {waiting_count} 起"
    en = f"data exchange {partner.name}: {waiting_count} incidents not confirmed"
    if not ok:
        zh = f"数据交换 {partner.name} 已 {hours} 小时未取数、未回执（待回执 {waiting_count} 起）：请对方检查任务、令牌与网络"
        en = (
            f"data exchange {partner.name} has neither fetched nor confirmed for {hours} h ({waiting_count} incidents wait): "
            "have them look after their job, its token and the network"
        )
    return Check(name=f"exchange_{partner.name}", ok=ok, zh=zh, en=en)
