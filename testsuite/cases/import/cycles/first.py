print("first begins")
done = False
import second

done = True
print("first ends")


def use():
    return second.use() + " through first"
