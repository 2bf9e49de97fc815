#!/bin/sh
# Makes every password of the compose file, once; a password that exists is kept. Needs openssl, and docker for Mosquitto's file.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
make() { [ -s "secrets/$1" ] || openssl rand -hex 24 >"secrets/$1"; }
for name in postgres_password grafana_password metrics_token mosquitto_health mqtt_service mqtt_gateway; do make "$name"; done

if [ ! -s secrets/mosquitto_passwords ]; then
    : >secrets/mosquitto_passwords
    for account in shouwang:mqtt_service gateway:mqtt_gateway health:mosquitto_health; do
        if command -v mosquitto_passwd >/dev/null 2>&1; then
            mosquitto_passwd -b secrets/mosquitto_passwords "${account%%:*}" "$(cat "secrets/${account#*:}")"
        else
            docker run --rm -u "$(id -u)" -v "$PWD/secrets:/secrets" eclipse-mosquitto:2.0.22 \
                mosquitto_passwd -b /secrets/mosquitto_passwords "${account%%:*}" "$(cat "secrets/${account#*:}")"
        fi
    done
fi
# The folder is closed to others. The files in it are open, because each container reads its own as a user of its own.
chmod 0700 secrets
chmod 0644 secrets/*

umask 077
cat >secrets/shouwang.env <<TXT
SHOUWANG_MQTT__PASSWORD=$(cat secrets/mqtt_service)
SHOUWANG_STORE_URL=postgresql+psycopg://shouwang:$(cat secrets/postgres_password)@postgres:5432/shouwang
SHOUWANG_METRICS_TOKEN=$(cat secrets/metrics_token)
TXT
echo "Passwords are in $(pwd)/secrets; gateways log in to MQTT as 'gateway' with the password in secrets/mqtt_gateway."
echo "口令已生成，保存在 $(pwd)/secrets；网关使用账号 gateway 与 secrets/mqtt_gateway 中的口令连接。"
