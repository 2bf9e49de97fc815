0    | b1/u1/0101/t1 temperature=20 gateway=g1
5    | b1/u1/0101/t1 temperature=21 gateway=g1
10   | b1/u1/0101/t1 temperature=23 gateway=g1
15   | b1/u1/0101/t1 temperature=26 gateway=g1
20   | b1/u1/0101/t1 temperature=29 gateway=g1
25   | b1/u1/0101/t1 temperature=32 gateway=g1
30   | b1/u1/0101/t1 temperature=35 gateway=g1
35   | b1/u1/0101/t1 temperature=38 gateway=g1
36   | b1/u1/0102/t9 temperature=70 place=kitchen
40   | b1/u1/0101/t1 temperature=41 gateway=g1 confidence=0.6
45   | b1/u1/0101/t1 temperature=44 gateway=g1
50   | b1/u1/0101/t1 temperature=48 gateway=g1 wants_receipt=yes
55   | b1/u1/0101/t1 temperature=56 gateway=g1
58   | zhang acknowledge incident:fire
60   | b1/u1/0101/t1 temperature=66 gateway=g1
66   | b1/u1/0101/t1 temperature=68 gateway=g1
67   | zhang verify incident:fire verdict=real reason=smoke_in_the_stairs
70   | b1/u2/s2 smoke!on gateway=g2 network=video confidence=0.9
75   | b1/u1/0101/t1 temperature=90 gateway=g1
80   | guard accept dispatch:guard
81   | guard on_scene dispatch:guard
82   | guard en_route dispatch:guard
90   | failed brigade sms no signal
91   | delivered property sms
92   | failed property voice busy
100  |
112  | zhang acknowledge alarm:smoke_report
113  | zhang unacknowledge alarm:smoke_report
114  | zhang acknowledge incident:fire
115  | zhang unacknowledge incident:fire
116  | zhang acknowledge incident:fire
120  | nurse decline dispatch:nurse
125  | zhang order incident:fire responder=fireman
126  | zhang reassign dispatch:fireman responder=guard
127  | zhang reassign dispatch:fireman responder=watchman
130  | zhang note incident:fire text=the_hydrant_is_dry
140  | b1/u1/0101/t1 temperature=30 gateway=g1
150  | b1/u2/s2 smoke!off gateway=g2 network=video
160  | guard on_scene dispatch:guard
200  | b1/u1/0101/t1 temperature=25 gateway=g1
210  | zhang shelve alarm:hot reason=noise for_s=60
212  | zhang close incident:fire verdict=real
220  | zhang reset alarm:hot
221  | zhang reset alarm:smoke_report
222  | zhang reset alarm:agreed
230  | guard complete dispatch:guard
300  |
400  | zhang close incident:fire text=out
500  | b2/u1/s7 smoke!on
505  | b2/u2/t8 temperature=25
506  | b2/u2/t8 temperature=50
507  | b2/u2/t8 temperature=62
512  | b2/u2/t8 temperature=63
520  | b2/u1/s7 smoke!on
530  |
600  |
700  | b2/u1/s7 smoke!off
701  | zhang acknowledge incident
702  | b2/u1/s7 smoke!on
703  | b2/u1/s7 smoke!off
800  | zhang close incident verdict=false text=burnt_toast
801  | zhang verify incident verdict=benign
802  | b3/s1 smoke!on status=exercise
803  | b3/s1 smoke!off status=exercise
804  | b3/s2 smoke!on status=test
805  | b3/s3 smoke!on late=900
806  | b3/s4 smoke!on is_retained=yes late=5
807  | b3/s5 smoke= 
810  | refused
811  | stopped watch hot
812  | li maintain zone:b3 reason=painting for_s=600
813  | li maintain zone:b3 reason=painting for_s=600 life_safety=yes
814  | li maintain device:s8 reason=new_battery for_s=300 life_safety=yes
815  | li maintain device:s8 reason=new_battery for_s=60 from_s=20 life_safety=yes
820  | b3/s8 smoke!on
830  | b3/s8 smoke!off
840  | b3/s8 smoke!on
850  | li restore device:s8
860  | li restore device:s8
900  | failed stranger sms gone
1000 |
5000 |
