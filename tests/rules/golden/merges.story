0    | b1/u1/t1 temperature=30
1    | garage/f1 flood_gauge=110
3    | garage/f1 flood_gauge=160
5    | b1/u1/t1 temperature=42
8    |
10   | b2/u1/s2 smoke!on gateway=g2 confidence=0.8
15   | b1/u1/t1 temperature=43
16   | b1/u1/t1 temperature=62 gateway=g1 confidence=0.5
20   | guard accept dispatch:guard
22   | b1/u1/t1 temperature=63
25   | zhang verify incident:fire verdict=false reason=steam
30   | fireman accept dispatch:fireman
31   | fireman en_route dispatch:fireman
32   | zhang merge incident:water into=incident:fire
33   | garage/f1 flood_gauge=310
34   | garage/f2/x flood_gauge=2
40   | b3/s3 smoke!on network=video
45   | zhang merge incident:fire into=incident:water
46   | zhang merge incident:fire into=incident
47   | b3/s3 smoke!on network=video
48   | b3/s3 smoke!off network=video
50   | zhang split incident:fire alarm=alarm:smoke_report
51   | zhang split incident:fire alarm=alarm:flood
52   | zhang split incident alarm=alarm:hot
53   | zhang order incident:water responder=watchman
54   | watchman accept dispatch:watchman
55   | zhang reassign dispatch:watchman responder=fireman
56   | fireman decline dispatch:fireman
57   | nurse accept dispatch:nurse
58   | nurse on_scene dispatch:nurse
59   | nurse complete dispatch:nurse
60   | b4/c1 sos!on status=exercise
61   | b5/c2 sos!on status=exercise
62   | b6/c3 sos!on
63   | zhang merge incident:person into=incident:fire
64   | zhang acknowledge incident:person
65   | zhang unacknowledge incident:person
66   | zhang acknowledge alarm:call
67   | zhang acknowledge incident:person
68   | zhang acknowledge incident:person
70   | b6/c3 sos!off
75   | b6/c3 sos!on
90   | b1/u1/t1 temperature=20
120  | b2/u1/s2 smoke!off gateway=g2
125  | garage/f1 flood_gauge=10
126  | garage/f2/x flood_gauge=20
130  | zhang reset alarm:hot
131  | zhang reset alarm:smoke_report
132  | zhang reset alarm:agreed
140  | zhang reset alarm:call
150  | zhang unacknowledge incident:fire
160  | nurse decline dispatch:nurse
170  | guard decline dispatch:guard
200  | zhang maintain zone:b6 reason=call_point for_s=100
201  | zhang set_mode zone:b1//u1 mode=works
202  | zhang set_mode zone:/b1 mode=works
203  | zhang maintain zone:b6 reason=again for_s=50 from_s=10
210  | b6/c3 sos!off
215  | b6/c3 sos!on
305  |
320  | zhang close incident:person verdict=drill
330  | zhang close incident:fire verdict=benign text=steam
340  | zhang close incident:water verdict=false
700  | fireman complete dispatch:fireman
1500 |
4500 |
