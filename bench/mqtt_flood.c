/* The yardstick for the MQTT numbers: a publisher and a subscriber as cheap as they can be, so that the broker is the limit.
 *
 * MQTT 3.1.1, QoS 1, one connection each, all acknowledgements of one read leave in one write.
 *
 *   mqtt_flood publish   HOST PORT USER PASSWORD FILE COUNT WINDOW RATE
 *   mqtt_flood subscribe HOST PORT USER PASSWORD FILTER COUNT
 *   mqtt_flood ceiling   HOST PORT USER PASSWORD FILE COUNT WINDOW RATE     (both, the subscriber in a child process)
 *
 * FILE has one message per line, "topic<TAB>payload"; it is gone through again and again until COUNT are sent. Each run of #
 * in a payload becomes the message's number, padded with zeros, so that no two are the same. WINDOW is how many may be
 * unacknowledged, RATE messages per second (0: as fast as it goes), USER "-" no user. Prints one JSON object.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CAPACITY (1 << 20)
#define IDLE_MS 5000 /* nothing for so long: the rest was lost */

struct message { char *topic, *payload; size_t topic_length, payload_length; };
struct connection { int fd; uint8_t in[CAPACITY], out[CAPACITY]; size_t in_length, out_length; };
struct result { long count; double seconds; };

static void fail(const char *what) {
    fprintf(stderr, "mqtt_flood: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

/* One packet's fixed header and body, put behind what waits to be written. */
static uint8_t *put_header(struct connection *c, uint8_t kind, size_t length) {
    uint8_t *p = c->out + c->out_length;
    *p++ = kind;
    size_t rest = length;
    do { *p++ = (uint8_t)((rest & 127) | (rest > 127 ? 128 : 0)); rest >>= 7; } while (rest);
    c->out_length = (size_t)(p - c->out) + length;
    return p;
}

static uint8_t *put_text(uint8_t *p, const char *text, size_t length) {
    *p++ = (uint8_t)(length >> 8);
    *p++ = (uint8_t)length;
    memcpy(p, text, length);
    return p + length;
}

static void put_connect(struct connection *c, const char *id, const char *user, const char *password) {
    int has_user = strcmp(user, "-") != 0;
    size_t length = 10 + 2 + strlen(id) + (has_user ? 4 + strlen(user) + strlen(password) : 0);
    uint8_t *p = put_header(c, 0x10, length);
    p = put_text(p, "MQTT", 4);
    *p++ = 4;                           /* MQTT 3.1.1 */
    *p++ = has_user ? 0xC2 : 0x02;      /* clean session */
    *p++ = 0;
    *p++ = 0;                           /* no keepalive */
    p = put_text(p, id, strlen(id));
    if (has_user) put_text(put_text(p, user, strlen(user)), password, strlen(password));
}

/* Write what waits; what the socket does not take stays. */
static void flush_out(struct connection *c) {
    size_t done = 0;
    while (done < c->out_length) {
        ssize_t n = send(c->fd, c->out + done, c->out_length - done, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        if (n < 0) fail("the broker closed the connection while we wrote");
        done += (size_t)n;
    }
    memmove(c->out, c->out + done, c->out_length - done);
    c->out_length -= done;
}

/* Read what is there; 0 when nothing came. */
static size_t fill_in(struct connection *c) {
    ssize_t n = recv(c->fd, c->in + c->in_length, CAPACITY - c->in_length, 0);
    if (n == 0) { errno = 0; fail("the broker closed the connection (user, password, access list?)"); }
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return 0;
    if (n < 0) fail("reading from the broker");
    c->in_length += (size_t)n;
    return (size_t)n;
}

/* The length of the first whole packet at p and where its body starts; 0 when it is not whole yet. */
static size_t whole_packet(const uint8_t *p, size_t available, size_t *body) {
    size_t length = 0, shift = 0, i = 1;
    for (; i < available && i < 5; i++, shift += 7) {
        length |= (size_t)(p[i] & 127) << shift;
        if (!(p[i] & 128)) {
            *body = i + 1;
            return available >= i + 1 + length ? i + 1 + length : 0;
        }
    }
    return 0;
}

static void drop_in(struct connection *c, size_t used) {
    memmove(c->in, c->in + used, c->in_length - used);
    c->in_length -= used;
}

static void wait_for(struct connection *c, int can_write, int timeout_ms) {
    struct pollfd p = {c->fd, (short)(POLLIN | (can_write ? POLLOUT : 0)), 0};
    if (poll(&p, 1, timeout_ms) < 0 && errno != EINTR) fail("poll");
}

/* Write what waits, then wait for one packet of this kind, and return its last byte (a return code). */
static uint8_t expect(struct connection *c, uint8_t kind) {
    double until = now_s() + IDLE_MS / 1000.0;
    while (now_s() < until) {
        size_t body = 0, length;
        flush_out(c);
        if ((length = whole_packet(c->in, c->in_length, &body))) {
            uint8_t found = c->in[0], last = c->in[length - 1];
            drop_in(c, length);
            if ((found & 0xF0) == kind) return last;
            continue;
        }
        wait_for(c, c->out_length > 0, 100);
        fill_in(c);
    }
    errno = 0;
    fail("the broker did not answer in time");
    return 0xFF;
}

static struct connection *open_connection(const char *host, const char *port, const char *user, const char *password, const char *role) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(host, port, &hints, &found)) { errno = 0; fail("unknown host or port"); }
    struct connection *c = calloc(1, sizeof *c);
    c->fd = socket(found->ai_family, SOCK_STREAM, 0);
    if (connect(c->fd, found->ai_addr, found->ai_addrlen)) fail("cannot connect to the broker");
    freeaddrinfo(found);
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    char id[64];
    snprintf(id, sizeof id, "flood-%s-%d", role, getpid());
    put_connect(c, id, user, password);
    if (expect(c, 0x20) != 0) { errno = 0; fail("the broker refused us (user, password?)"); }
    return c;
}

static struct message *load(const char *path, size_t *count) {
    FILE *file = fopen(path, "r");
    if (!file) fail(path);
    struct message *all = NULL;
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    for (*count = 0; (n = getline(&line, &size, file)) > 0;) {
        if (line[n - 1] == '\n') line[--n] = 0;
        char *tab = strchr(line, '\t');
        if (!tab || (size_t)n > CAPACITY / 4) { errno = 0; fail("a line is not topic<TAB>payload"); }
        *tab = 0;
        all = realloc(all, (*count + 1) * sizeof *all);
        all[*count] = (struct message){strdup(line), strdup(tab + 1), (size_t)(tab - line), (size_t)(line + n - tab - 1)};
        (*count)++;
    }
    free(line);
    fclose(file);
    if (!*count) { errno = 0; fail("the file has no messages"); }
    return all;
}

/* Replace each run of # by the number, in place. */
static void number(uint8_t *payload, size_t length, long n) {
    for (size_t end = length; end > 0;) {
        if (payload[end - 1] != '#') { end--; continue; }
        for (long rest = n; end > 0 && payload[end - 1] == '#'; end--, rest /= 10) payload[end - 1] = (uint8_t)('0' + rest % 10);
    }
}

static void put_publish(struct connection *c, const struct message *m, long n) {
    uint8_t *p = put_header(c, 0x32, 2 + m->topic_length + 2 + m->payload_length);
    p = put_text(p, m->topic, m->topic_length);
    uint16_t id = (uint16_t)(n % 65535 + 1);
    *p++ = (uint8_t)(id >> 8);
    *p++ = (uint8_t)id;
    memcpy(p, m->payload, m->payload_length);
    number(p, m->payload_length, n);
}

static long count_pubacks(struct connection *c) {
    long acked = 0;
    size_t used = 0, body, length;
    while ((length = whole_packet(c->in + used, c->in_length - used, &body))) {
        acked += (c->in[used] & 0xF0) == 0x40;
        used += length;
    }
    drop_in(c, used);
    return acked;
}

static struct result publish(struct connection *c, const struct message *all, size_t kinds, long count, long window, double rate) {
    long sent = 0, acked = 0;
    double start = now_s(), heard = start;
    while (acked < count) {
        long due = rate > 0 ? (long)((now_s() - start) * rate) + 1 : count;
        while (sent < count && sent < due && sent - acked < window) {
            const struct message *m = &all[(size_t)sent % kinds];
            if (c->out_length + m->topic_length + m->payload_length + 16 > CAPACITY / 4) break;
            put_publish(c, m, sent++);
        }
        flush_out(c);
        int is_early = sent == due && sent < count;
        wait_for(c, c->out_length > 0, is_early ? 1 : 100);
        if (fill_in(c)) { acked += count_pubacks(c); heard = now_s(); }
        if (!is_early && now_s() - heard > IDLE_MS / 1000.0) break;
    }
    return (struct result){acked, now_s() - start};
}

static long take_messages(struct connection *c) {
    long taken = 0;
    size_t used = 0, body, length;
    while (c->out_length + 4 <= CAPACITY && (length = whole_packet(c->in + used, c->in_length - used, &body))) {
        const uint8_t *p = c->in + used;
        if ((p[0] & 0xF0) == 0x30) {
            taken++;
            if (p[0] & 0x06) {
                size_t topic = (size_t)p[body] << 8 | p[body + 1];
                memcpy(put_header(c, 0x40, 2), p + body + 2 + topic, 2);
            }
        }
        used += length;
    }
    drop_in(c, used);
    return taken;
}

/* From the first message to the last. */
static struct result subscribe(struct connection *c, long count) {
    long taken = 0;
    double first = 0, last = now_s();
    while (taken < count && now_s() - last < IDLE_MS / 1000.0 * (taken ? 1 : 4)) {
        wait_for(c, c->out_length > 0, 100);
        if (fill_in(c)) {
            long n = take_messages(c);
            if (n) last = now_s();
            if (n && !taken) first = last;
            taken += n;
        }
        flush_out(c);
    }
    return (struct result){taken, last - first};
}

static void put_subscribe(struct connection *c, const char *filter) {
    uint8_t *p = put_header(c, 0x82, 2 + 2 + strlen(filter) + 1);
    *p++ = 0;
    *p++ = 1;
    *put_text(p, filter, strlen(filter)) = 1;
    if (expect(c, 0x90) > 1) { errno = 0; fail("the broker refused the subscription (access list?)"); }
}

static double per_s(struct result r) { return r.seconds > 0 ? (double)r.count / r.seconds : 0; }

int main(int argc, char **argv) {
    if (argc < 8) { errno = 0; fail("usage: publish|subscribe|ceiling HOST PORT USER PASSWORD FILE|FILTER COUNT [WINDOW RATE]"); }
    const char *mode = argv[1], *what = argv[6];
    long count = atol(argv[7]), window = argc > 8 ? atol(argv[8]) : 500;
    double rate = argc > 9 ? atof(argv[9]) : 0;
    int pipe_fds[2] = {-1, -1};
    if (!strcmp(mode, "ceiling")) {
        if (pipe(pipe_fds)) fail("pipe");
        if (!fork()) {
            struct connection *c = open_connection(argv[2], argv[3], argv[4], argv[5], "subscriber");
            put_subscribe(c, "#");
            struct result ready = {0, 0}, r;
            if (write(pipe_fds[1], &ready, sizeof ready) < 0) fail("pipe");
            r = subscribe(c, count);
            return write(pipe_fds[1], &r, sizeof r) != sizeof r;
        }
        struct result ready;
        close(pipe_fds[1]);
        if (read(pipe_fds[0], &ready, sizeof ready) != sizeof ready) { errno = 0; fail("the subscriber ended"); }
    }
    struct connection *c = open_connection(argv[2], argv[3], argv[4], argv[5], mode);
    struct result sent = {0, 0}, got = {0, 0};
    if (!strcmp(mode, "subscribe")) {
        put_subscribe(c, what);
        got = subscribe(c, count);
    } else {
        size_t kinds;
        struct message *all = load(what, &kinds);
        sent = publish(c, all, kinds, count, window, rate);
        if (pipe_fds[0] >= 0 && read(pipe_fds[0], &got, sizeof got) != sizeof got) { errno = 0; fail("the subscriber ended"); }
        if (pipe_fds[0] >= 0) wait(NULL);
    }
    printf("{\"published\": %ld, \"publish_s\": %.6f, \"published_per_s\": %.1f, \"received\": %ld, \"receive_s\": %.6f, \"received_per_s\": %.1f}\n",
           sent.count, sent.seconds, per_s(sent), got.count, got.seconds, per_s(got));
    return sent.count + got.count >= count ? 0 : 2;
}
