"""What an operator is told about a lane session: a closed list of happenings, each with a sentence that says what to do."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from rules.model import Sentence


class NoticeKind(StrEnum):
    """What happened to a session. Closed: a new happening is a new member."""

    CONNECTED = "connected"
    SESSION_NEW = "session_new"  # the first connection of this process found no session: normal at a first start only
    SESSION_LOST = "session_lost"  # there was one, and the broker forgot it: messages may be gone
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    SUBSCRIPTION_REFUSED = "subscription_refused"
    CLOSED = "closed"
    BROKER_DROPS = "broker_drops"  # the broker threw messages away: a queue was full


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One happening, for the log, health and the console. ``retry_in_s`` is set where the session tries again."""

    kind: NoticeKind
    line: str  # the lane, or "route-" and the name of the route
    address: str
    sentence: Sentence
    detail: str = ""
    retry_in_s: float | None = None


_CREDENTIALS: Final = Sentence(
    "消息服务器拒绝了账号或密码：请核对配置中的 mqtt 用户名和密码，并确认服务器上有此账号",
    "the broker refuses the user name or password: check both in the mqtt settings, and that the broker knows this user",
)

_REASONS: Final = MappingProxyType(
    {
        132: Sentence(
            "消息服务器不支持此协议版本：请把 mqtt 的 version 改为 3.1.1",
            "the broker does not speak this protocol version: set version = 3.1.1 in the mqtt settings",
        ),
        133: Sentence(
            "消息服务器不接受此客户端编号：请更改 mqtt 的 client_id 或服务器的前缀规则",
            "the broker does not accept the client id: change client_id in the mqtt settings, or the broker's rule for prefixes",
        ),
        134: _CREDENTIALS,
        135: _CREDENTIALS,
        136: Sentence(
            "消息服务器暂不可用：请检查服务器是否正在启动或已过载",
            "the broker says that it is not available: see whether it is starting or overloaded",
        ),
        139: Sentence("消息服务器正在关闭", "the broker is shutting down"),
        141: Sentence(
            "消息服务器认为连接超时：请检查网络和本机负载",
            "the broker heard nothing for too long: check the network and the load of this machine",
        ),
        142: Sentence(
            "另一个客户端以相同编号登录，抢走了会话：请检查是否启动了两个实例",
            "another client took this session over with the same client id: see whether two instances run",
        ),
        149: Sentence("数据包过大，被拒绝", "a packet was too large"),
    }
)

_OTHERWISE: Final = Sentence(
    "消息服务器断开了连接，原因见详情；将自动重连",
    "the connection to the broker ended for the reason in the detail; it is tried again by itself",
)

SENTENCES: Final = MappingProxyType(
    {
        NoticeKind.CONNECTED: Sentence("已连接消息服务器", "connected to the broker"),
        NoticeKind.SESSION_NEW: Sentence(
            "消息服务器上没有本通道的会话，已新建；若非首次启动，停机期间的消息可能已丢失",
            "the broker knew no session of this lane; unless this is the first start, messages sent meanwhile may be lost",
        ),
        NoticeKind.SESSION_LOST: Sentence(
            "消息服务器丢失了本通道的会话，可能有消息未送达：请检查服务器的持久化设置，并核对各设备的序号和心跳",
            "the broker lost this lane's session, and messages may be missing: check its persistence settings, and the devices' "
            "sequence numbers and heartbeats",
        ),
        NoticeKind.UNREACHABLE: Sentence(
            "无法连接消息服务器：请检查地址、端口、网络、证书，以及服务器是否在运行",
            "the broker cannot be reached: check address, port, network and certificates, and whether the broker runs",
        ),
        NoticeKind.BROKER_DROPS: Sentence(
            "消息服务器因队列已满而丢弃了消息：请找出长时间离线的客户端，并增大 max_queued_messages",
            "the broker threw messages away because a queue was full: find the client that stays away, raise max_queued_messages",
        ),
        NoticeKind.SUBSCRIPTION_REFUSED: Sentence(
            "消息服务器不允许订阅：请在其访问控制列表中授予本账号读取权限",
            "the broker does not let us subscribe: grant this user read access in the broker's access list",
        ),
    }
)


def sentence_for(kind: NoticeKind, code: int = 0) -> Sentence:
    """The sentence of a happening; ``code`` is the MQTT 5 reason code of a refusal or an end."""
    return SENTENCES.get(kind) or _REASONS.get(code, _OTHERWISE)
