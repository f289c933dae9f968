# oracle=cpython level=minimal needs=f64
# More names and constants than one-byte indices reach.
def table():
    d = {}
    d["alpha_000"] = 1000; d["alpha_001"] = 1001; d["alpha_002"] = 1002; d["alpha_003"] = 1003
    d["alpha_004"] = 1004; d["alpha_005"] = 1005; d["alpha_006"] = 1006; d["alpha_007"] = 1007
    return d

class Wide:
    a00 = 0; a01 = 1; a02 = 2; a03 = 3; a04 = 4; a05 = 5; a06 = 6; a07 = 7; a08 = 8; a09 = 9
    b00 = 0; b01 = 1; b02 = 2; b03 = 3; b04 = 4; b05 = 5; b06 = 6; b07 = 7; b08 = 8; b09 = 9
    c00 = 0; c01 = 1; c02 = 2; c03 = 3; c04 = 4; c05 = 5; c06 = 6; c07 = 7; c08 = 8; c09 = 9
    d00 = 0; d01 = 1; d02 = 2; d03 = 3; d04 = 4; d05 = 5; d06 = 6; d07 = 7; d08 = 8; d09 = 9
    e00 = 0; e01 = 1; e02 = 2; e03 = 3; e04 = 4; e05 = 5; e06 = 6; e07 = 7; e08 = 8; e09 = 9
    f00 = 0; f01 = 1; f02 = 2; f03 = 3; f04 = 4; f05 = 5; f06 = 6; f07 = 7; f08 = 8; f09 = 9
    g00 = 0; g01 = 1; g02 = 2; g03 = 3; g04 = 4; g05 = 5; g06 = 6; g07 = 7; g08 = 8; g09 = 9
    h00 = 0; h01 = 1; h02 = 2; h03 = 3; h04 = 4; h05 = 5; h06 = 6; h07 = 7; h08 = 8; h09 = 9
    i00 = 0; i01 = 1; i02 = 2; i03 = 3; i04 = 4; i05 = 5; i06 = 6; i07 = 7; i08 = 8; i09 = 9
    j00 = 0; j01 = 1; j02 = 2; j03 = 3; j04 = 4; j05 = 5; j06 = 6; j07 = 7; j08 = 8; j09 = 9
    k00 = 0; k01 = 1; k02 = 2; k03 = 3; k04 = 4; k05 = 5; k06 = 6; k07 = 7; k08 = 8; k09 = 9
    l00 = 0; l01 = 1; l02 = 2; l03 = 3; l04 = 4; l05 = 5; l06 = 6; l07 = 7; l08 = 8; l09 = 9
    m00 = 0; m01 = 1; m02 = 2; m03 = 3; m04 = 4; m05 = 5; m06 = 6; m07 = 7; m08 = 8; m09 = 9
    n00 = 0; n01 = 1; n02 = 2; n03 = 3; n04 = 4; n05 = 5; n06 = 6; n07 = 7; n08 = 8; n09 = 9

print(sorted(table().items())[-1])
names = [x + str(y) + str(z) for x in "abcdefghijklmn" for y in range(1) for z in range(10)]
print(sum(getattr(Wide, n) for n in names), Wide.n09, Wide.a00, len(names))
texts = (
    "first constant text", "second constant text", "third constant text", "fourth constant text",
    "fifth constant text", "sixth constant text", "seventh constant text", "eighth constant text",
)
print(len(texts), texts[-1], sum(len(t) for t in texts))
numbers = [100000000001, 100000000002, 100000000003, 100000000004, 1.25, 2.25, 3.25, 100000000001]
print(sum(numbers), len(set(numbers)))
